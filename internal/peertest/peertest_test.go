package peertest

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNginx(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page"), []byte("a page"), 0o644))
	address := Nginx(t, dir, `location = /here { return 200 "said"; }`)
	for path, want := range map[string]string{"/page": "a page", "/here": "said"} {
		r, err := http.Get("http://" + address + path)
		require.NoError(t, err)
		got, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.NoError(t, r.Body.Close())
		assert.Equal(t, want, string(got))
	}
	http.DefaultClient.CloseIdleConnections()
}

// TestStartAgain: a program that ends, because something has taken its address, is started
// on another one.
func TestStartAgain(t *testing.T) {
	times := 0
	address := Start(t, "python3", func(address string) []string {
		times++
		if times == 1 {
			return []string{"-c", "raise SystemExit(1)"}
		}
		host, port, err := net.SplitHostPort(address)
		require.NoError(t, err)
		return []string{"-m", "http.server", "--bind", host, "--directory", t.TempDir(), port}
	})
	r, err := http.Get("http://" + address)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	assert.Equal(t, 2, times)
	http.DefaultClient.CloseIdleConnections()
}
