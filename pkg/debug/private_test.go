package debug

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"stepwise/pkg/probe"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPrivate(t *testing.T) {
	here := t.TempDir()
	at := func(name string) string { return filepath.Join(here, name) }
	require.NoError(t, os.WriteFile(at("file"), nil, 0o600))
	require.NoError(t, os.Mkdir(at("open"), 0o700))
	require.NoError(t, os.Chmod(at("open"), 0o710))
	require.NoError(t, os.Mkdir(at("own"), 0o700))
	require.NoError(t, os.Symlink(at("own"), at("link")))
	for name, fine := range map[string]bool{"new": true, "own": true, "file": false, "open": false, "link": false, "no/folder": false} {
		t.Run(name, func(t *testing.T) {
			dir, err := private(at(name), os.Getuid())
			if !fine {
				require.ErrorContains(t, err, strings.TrimSuffix(name, "/folder"))
				return
			}
			require.NoError(t, err)
			require.Equal(t, at(name), dir)
			s, err := os.Stat(dir)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o700), s.Mode().Perm())
		})
	}
}

func TestPrivateOfAnother(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o700))
	_, err := private(dir, os.Getuid()+1)
	require.ErrorIs(t, err, errNotPrivate)
}

// clock is a loop on which no time passes.
type clock struct{}

func (clock) Now() time.Duration   { return 0 }
func (clock) Report(string, error) {}

func TestDoing(t *testing.T) {
	w := (&offered{}).Watch(clock{}).(*watched)
	require.Equal(t, Idle, w.present().Doing)
	w.Sleep(0)
	require.Equal(t, Idle, w.present().Doing, "select only looks")
	w.Sleep(-1)
	require.Equal(t, Asleep, w.present().Doing)
	w.Woke(0)
	require.Equal(t, Idle, w.present().Doing)
	w.step = &living{id: 7, name: "main.crawl"}
	w.Began(probe.Callback{Fn: func() {}})
	require.Equal(t, Running, w.present().Doing)
	require.Equal(t, "task 7 main.crawl", w.present().What)
	w.Returned(probe.Callback{})
	require.Equal(t, Idle, w.present().Doing)
	w.Began(probe.Callback{Fn: func() {}})
	require.Equal(t, "debug.TestDoing.func2", w.present().What)
}

// TestLeftBehind: the socket of a process that is no more is removed, and that of one which
// lives is left for it to listen on.
func TestLeftBehind(t *testing.T) {
	gone := exec.Command(os.Args[0], "-test.run=^$")
	require.NoError(t, gone.Run())
	dead, err := socketOf(gone.Process.Pid)
	require.NoError(t, err)
	was, err := net.ListenUnix("unix", &net.UnixAddr{Name: dead, Net: "unix"})
	require.NoError(t, err)
	was.SetUnlinkOnClose(false)
	require.NoError(t, was.Close())
	_, err = Look(gone.Process.Pid)
	require.ErrorIs(t, err, ErrNotOffered)
	require.NoFileExists(t, dead)

	path, err := socketOf(os.Getpid())
	require.NoError(t, err)
	old, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	old.SetUnlinkOnClose(false)
	require.NoError(t, old.Close())
	_, err = Look(os.Getpid())
	require.ErrorIs(t, err, ErrNotOffered)
	require.FileExists(t, path)
	stop, err := Offer()
	require.NoError(t, err)
	defer stop()
	_, err = Look(os.Getpid())
	require.NoError(t, err)
}
