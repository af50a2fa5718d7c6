package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// newTerminal makes a terminal of so many columns; what is written to one end can be read
// at the other. See pty(7).
func newTerminal(t *testing.T, columns uint16) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = user.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0))
	require.NoError(t, unix.IoctlSetWinsize(int(user.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
	number, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	return user, program
}

// atTerminal makes a terminal the program's input, and types keys.
func atTerminal(t *testing.T, keys string) {
	t.Helper()
	keyboard, terminal := newTerminal(t, 80)
	typing(t, terminal)
	_, err := keyboard.WriteString(keys)
	require.NoError(t, err)
}

func TestUpdateAsks(t *testing.T) {
	for _, c := range []struct {
		name, keys string
		goes       bool
	}{
		{"yes", "y\n", true}, {"yes, in full", " YES\n", true}, {"no", "n\n", false}, {"Enter", "\n", false}, {"the end of input", "\x04", false}, {"anything else", "sure\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			work := aCopy(t, aCourse(t, few+1))
			atTerminal(t, c.keys)
			status, _, err := call(t, "-C", work, "update", "--from", aCourse(t, 0))
			assert.Contains(t, err, "This removes 6 files from your copy")
			assert.Equal(t, c.goes, status == ok, err)
			_, there := os.Lstat(filepath.Join(work, "notebooks", "20-more.ipynb"))
			assert.Equal(t, c.goes, errors.Is(there, os.ErrNotExist))
		})
	}
}

func TestCtrlCIsAnAnswer(t *testing.T) {
	atTerminal(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var said strings.Builder
	yes, _, err := ask(ctx, &said, "Go on? ")
	assert.False(t, yes)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "Go on? ", said.String())
}
