package sock_test

// Close removes the file that bind made, and nobody else's. Read world_test.go before.

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

// owner is a socket that has a path: a listener, or one for datagrams.
type owner interface {
	io.Closer
	LocalAddr() net.Addr
}

// kinds are the ways to become one, and to reach it.
var kinds = map[string]struct {
	listen func(w *world, address string) (owner, error)
	reach  func(w *world, yield coro.Yield, o owner, path string)
}{
	"stream": {
		func(w *world, address string) (owner, error) { return sock.Listen(w.Loop, address) },
		func(w *world, yield coro.Yield, o owner, path string) {
			a := w.connect(yield, "unix:"+path)
			b, err := sock.Accept(yield, o.(*sock.Socket))
			require.NoError(w, err)
			w.send(yield, a, "hello")
			w.reads(yield, b, "hello")
		},
	},
	"packets": {
		func(w *world, address string) (owner, error) { return sock.ListenPacket(w.Loop, address) },
		func(w *world, yield coro.Yield, o owner, path string) {
			a, err := sock.ConnectPacket(w.Loop, "unix:"+path)
			require.NoError(w, err)
			require.NoError(w, sock.SendTo(yield, a, []byte("hello"), nil))
			w.receives(yield, o.(*sock.PacketSocket), "hello")
		},
	},
}

func TestPathsOfOthers(t *testing.T) {
	for name, kind := range kinds {
		// open is an owner of path.
		open := func(w *world, path string) owner {
			o, err := kind.listen(w, "unix:"+path)
			require.NoError(w, err)
			return o
		}
		// replaced closes the owner of a path at which something else stands by then.
		replaced := func(w *world, other func(path string)) (path string) {
			path = filepath.Join(w.TempDir(), "door")
			old := open(w, path)
			require.NoError(w, os.Remove(path))
			other(path)
			before, err := os.Lstat(path)
			require.NoError(w, err)
			require.NoError(w, old.Close())
			after, err := os.Lstat(path)
			require.NoError(w, err, "it is somebody else's")
			require.True(w, os.SameFile(before, after))
			return path
		}
		runRows(t, []row{
			{name: name + "/a_newer_server", run: func(w *world, yield coro.Yield) {
				var newer owner
				path := replaced(w, func(path string) { newer = open(w, path) })
				kind.reach(w, yield, newer, path)
				require.NoError(w, newer.Close())
				require.NoFileExists(w, path)
			}},
			{name: name + "/a_newer_server_each_time_an_older_one_ends", run: func(w *world, yield coro.Yield) {
				path := filepath.Join(w.TempDir(), "door")
				var last owner
				for range 20 {
					older := last
					_ = os.Remove(path)
					if last = open(w, path); older != nil {
						require.NoError(w, older.Close())
					}
				}
				kind.reach(w, yield, last, path)
			}},
			{name: name + "/another_kind_of_file", run: func(w *world, yield coro.Yield) {
				replaced(w, func(path string) { require.NoError(w, os.WriteFile(path, []byte("data"), 0o600)) })
				replaced(w, func(path string) { require.NoError(w, os.Mkdir(path, 0o700)) })
				replaced(w, func(path string) { require.NoError(w, os.Symlink("nowhere", path)) })
			}},
			{name: name + "/a_link_to_its_own_that_was_moved", run: func(w *world, yield coro.Yield) {
				path := filepath.Join(w.TempDir(), "door")
				o := open(w, path)
				require.NoError(w, os.Rename(path, path+"2"))
				require.NoError(w, os.Symlink(path+"2", path))
				require.NoError(w, o.Close())
				_, err := os.Lstat(path)
				require.NoError(w, err)
			}},
			{name: name + "/its_own", run: func(w *world, yield coro.Yield) {
				path := filepath.Join(w.TempDir(), "door")
				o := open(w, path)
				_, err := kind.listen(w, "unix:"+path)
				require.ErrorIs(w, err, unix.EADDRINUSE)
				kind.reach(w, yield, o, path)
				require.NoError(w, o.Close())
				require.NoFileExists(w, path)
				require.ErrorIs(w, o.Close(), net.ErrClosed)
				again := open(w, path)
				require.ErrorIs(w, o.Close(), net.ErrClosed)
				require.FileExists(w, path, "a second Close finds nothing to do")
				require.NoError(w, os.Remove(path))
				require.NoError(w, again.Close(), "and a path that is gone is no error")
			}},
			{name: name + "/a_file_named_like_an_abstract_address", run: func(w *world, yield coro.Yield) {
				before, err := os.Getwd()
				require.NoError(w, err)
				require.NoError(w, os.Chdir(w.TempDir()))
				defer func() { require.NoError(w, os.Chdir(before)) }() // T.Chdir would keep a descriptor
				name := "@stepwise-" + strconv.Itoa(os.Getpid())
				require.NoError(w, os.WriteFile(name, []byte("data"), 0o600))
				o := open(w, name)
				kind.reach(w, yield, o, name)
				require.NoError(w, o.Close())
				require.FileExists(w, name)
			}},
		})
	}
	runRows(t, []row{{name: "stream/it_can_not_listen", calls: func(_ *world, c *sys.Calls) {
		c.Listen = func(int, int) error { return unix.EOPNOTSUPP }
	}, run: func(w *world, yield coro.Yield) {
		path := filepath.Join(w.TempDir(), "door")
		_, err := sock.Listen(w.Loop, "unix:"+path)
		require.ErrorIs(w, err, unix.EOPNOTSUPP)
		require.NoFileExists(w, path, "it was bound, and nothing stays")
	}}})
	door := filepath.Join(t.TempDir(), "door")
	runRows(t, []row{{name: "stream/removed_before_it_is_closed", calls: func(w *world, c *sys.Calls) {
		c.Close = func(fd int) error {
			require.NoFileExists(w, door, "once closed, its inode may be the next file's")
			return sys.Kernel.Close(fd)
		}
	}, run: func(w *world, yield coro.Yield) {
		l, err := sock.Listen(w.Loop, "unix:"+door)
		require.NoError(w, err)
		require.NoError(w, l.Close())
	}}})
}
