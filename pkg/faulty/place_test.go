package faulty_test

// Where servers listen, and what panics.

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

func TestAddresses(t *testing.T) {
	t.Run("URL speaks HTTP", func(t *testing.T) {
		s := opened(t, faulty.HTTP(""))
		require.Equal(t, "http://"+s.Addr()+"/", s.URL())
		require.Regexp(t, `^127\.0\.0\.1:[1-9][0-9]*$`, s.Addr())
	})
	t.Run("a path is a unix socket, and gone after Close", func(t *testing.T) {
		for _, open := range []func(...string) *faulty.Server{faulty.Echo, faulty.Refused, faulty.NeverAccepts} {
			path := filepath.Join(t.TempDir(), "s")
			s := open(path)
			require.Equal(t, path, s.Addr())
			require.Equal(t, "unix:"+path, s.URL())
			require.NoError(t, s.Close())
			require.NoFileExists(t, path)
		}
	})
	t.Run("a server that can't listen panics, and leaves nothing", func(t *testing.T) {
		balanced(t)
		taken := opened(t, faulty.Echo())
		for name, open := range map[string]func(){
			"in use":          func() { faulty.Echo(taken.Addr()) },
			"in use, raw":     func() { faulty.Refused(taken.Addr()) },
			"a name":          func() { faulty.Sink("localhost:0") },
			"nonsense":        func() { faulty.NeverAccepts("nowhere") },
			"two places":      func() { faulty.Echo("127.0.0.1:0", "[::1]:0") },
			"no directory":    func() { faulty.Refused("/nowhere/at/all") },
			"reset by unix":   func() { faulty.ResetMidway("x", "unix") },
			"reset by a path": func() { faulty.HTTPReset("x", "/tmp/x") },
			"minus one byte":  func() { faulty.Big(-1) },
			"visit -1":        func() { taken.Visit(-1, limit) },
		} {
			func() {
				defer func() { assert.Contains(t, fmt.Sprint(recover()), "faulty: ", name) }()
				open()
			}()
		}
	})
}
