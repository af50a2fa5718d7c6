package sock_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

func TestAddresses(t *testing.T) {
	rows := []row{}
	for _, address := range []string{"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:-1", "127.0.0.1:65536",
		"127.0.0.1:http", "1.2.3:80", "256.0.0.1:80", "localhost:80", "::1:80", "[::1]", "[::1]:0", "[::1%nosuchzone]:80", "[::ffff:127.0.0.1%1]:80",
		"unix:", "unix:a\x00b", "unix:" + strings.Repeat("x", 108)} {
		name := address[:min(30, len(address))]
		rows = append(rows, row{name: "C10_connect_to_" + name, calls: countSockets, run: func(w *world, yield coro.Yield) {
			_, err := sock.Connect(yield, address)
			require.ErrorIs(w, err, sock.ErrAddress)
			assert.True(w, isOpError(err, "connect"))
			assert.Zero(w, w.count["sockets"], "refused before socket(2)")
		}})
		if strings.HasSuffix(address, ":0") {
			continue // the system chooses
		}
		rows = append(rows, row{name: "A12_listen_on_" + name, calls: countSockets, run: func(w *world, _ coro.Yield) {
			_, err := sock.Listen(w.Loop, address)
			require.ErrorIs(w, err, sock.ErrAddress)
			assert.True(w, isOpError(err, "listen"))
			assert.Zero(w, w.count["sockets"])
		}})
	}
	runRows(t, rows)
}

func TestC11Zones(t *testing.T) {
	family, sa, err := sock.Sockaddr("[fe80::1%7]:80")
	require.NoError(t, err)
	assert.Equal(t, unix.AF_INET6, family)
	assert.Equal(t, uint32(7), sa.(*unix.SockaddrInet6).ZoneId)
	assert.Equal(t, 80, sa.(*unix.SockaddrInet6).Port)
}

func countSockets(w *world, c *sys.Calls) {
	c.Socket = func(family int) (int, error) { w.count["sockets"]++; return sys.Kernel.Socket(family) }
}

func TestListen(t *testing.T) {
	runRows(t, []row{
		{name: "A12_in_use", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			_, err := sock.Listen(w.Loop, l.LocalAddr().String())
			require.ErrorIs(w, err, unix.EADDRINUSE)
		}},
		{name: "A12_not_ours", run: func(w *world, yield coro.Yield) {
			_, err := sock.Listen(w.Loop, "192.0.2.1:0")
			require.ErrorIs(w, err, unix.EADDRNOTAVAIL)
		}},
		{name: "A12_no_loop", run: func(w *world, yield coro.Yield) {
			_, err := sock.Listen(nil, "127.0.0.1:0")
			require.ErrorIs(w, err, loop.ErrNilLoop)
		}},
		{name: "A13_the_same_port_again", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			address := l.LocalAddr().String()
			for range 3 {
				c := w.connect(yield, address)
				s, err := sock.Accept(yield, l)
				require.NoError(w, err)
				require.NoError(w, s.Close()) // ours ends first: its port is in TIME_WAIT
				require.NoError(w, c.Close())
				require.NoError(w, l.Close())
				l, err = sock.Listen(w.Loop, address)
				require.NoError(w, err)
			}
		}},
		{name: "A01_a_unix_socket", run: func(w *world, yield coro.Yield) {
			path := filepath.Join(w.TempDir(), "door")
			l, err := sock.Listen(w.Loop, "unix:"+path)
			require.NoError(w, err)
			_, err = sock.Listen(w.Loop, "unix:"+path)
			require.ErrorIs(w, err, unix.EADDRINUSE)
			require.FileExists(w, path, "it belongs to the first")
			a := w.connect(yield, "unix:"+path)
			b, err := sock.Accept(yield, l)
			require.NoError(w, err)
			w.send(yield, a, "hello")
			w.reads(yield, b, "hello")
			require.NoError(w, l.Close())
			_, err = os.Stat(path)
			require.ErrorIs(w, err, os.ErrNotExist)
		}},
	})
}

func TestFromFD(t *testing.T) {
	runRows(t, []row{
		{name: "C13_in_blocking_mode", run: func(w *world, yield coro.Yield) {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			require.NoError(w, err)
			_, err = sock.FromFD(w.Loop, fds[0])
			require.ErrorIs(w, err, sock.ErrBlocking)
			require.NoError(w, unix.SetNonblock(fds[0], true), "it is still the caller's")
			a, err := sock.FromFD(w.Loop, fds[0])
			require.NoError(w, err)
			require.NoError(w, unix.SetNonblock(fds[1], true))
			b, err := sock.FromFD(w.Loop, fds[1])
			require.NoError(w, err)
			w.send(yield, a, "hello")
			w.reads(yield, b, "hello")
		}},
		{name: "B01_no_descriptor", run: func(w *world, yield coro.Yield) {
			_, err := sock.FromFD(w.Loop, -1)
			require.ErrorIs(w, err, unix.EBADF)
			_, err = sock.FromFD(w.Loop, 1<<30)
			require.ErrorIs(w, err, unix.EBADF)
		}},
		{name: "B01_no_socket", run: func(w *world, yield coro.Yield) {
			var fds [2]int
			require.NoError(w, unix.Pipe(fds[:]))
			require.NoError(w, unix.SetNonblock(fds[0], true))
			_, err := sock.FromFD(w.Loop, fds[0])
			require.ErrorIs(w, err, unix.ENOTSOCK)
			require.NoError(w, unix.Close(fds[0]))
			require.NoError(w, unix.Close(fds[1]))
		}},
		{name: "B02_no_loop", run: func(w *world, yield coro.Yield) {
			_, err := sock.FromFD(nil, 0)
			require.ErrorIs(w, err, loop.ErrNilLoop)
		}},
	})
}

func TestClose(t *testing.T) {
	runRows(t, []row{
		{name: "M07_twice", calls: func(w *world, c *sys.Calls) {
			c.Close = func(fd int) error { w.count["closes"]++; return sys.Kernel.Close(fd) }
		}, run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			before := w.count["closes"]
			require.NoError(w, a.Close())
			err := a.Close()
			require.ErrorIs(w, err, net.ErrClosed)
			require.True(w, isOpError(err, "close"))
			require.ErrorIs(w, a.CloseWrite(), net.ErrClosed)
			assert.Equal(w, before+1, w.count["closes"])
			assert.Equal(w, -1, a.FD())
			assert.Nil(w, a.LocalAddr())
			assert.Equal(w, "closed socket", a.String())
		}},
		{name: "M07_EINTR_is_not_repeated", calls: func(w *world, c *sys.Calls) {
			c.Close = func(fd int) error {
				w.count["closes"]++
				_ = sys.Kernel.Close(fd)
				if w.count["closes"] == 2 { // the first was pair's listener
					return unix.EINTR
				}
				return nil
			}
		}, run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			require.ErrorIs(w, a.Close(), unix.EINTR)
			assert.Equal(w, 2, w.count["closes"])
			require.ErrorIs(w, a.Close(), net.ErrClosed)
		}},
	})
}

// TestLoopClose wants sockets and the tasks that wait on them to go with their loop.
func TestLoopClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "door")
	var sockets []*sock.Socket
	runRow(t, row{run: func(w *world, yield coro.Yield) {
		server := w.serve(faulty.Silent())
		for range 5 {
			s := w.connect(yield, server.Addr())
			sockets = append(sockets, s)
			w.Waits(yield, w.readsOnce(s))
		}
		l, err := sock.Listen(w.Loop, "unix:"+path)
		require.NoError(w, err)
		sockets = append(sockets, l)
		w.Waits(yield, w.accepts(l))
		w.Waits(yield, w.accepts(l))
	}}, modes[0])
	for _, s := range sockets {
		assert.Equal(t, -1, s.FD())
		assert.ErrorIs(t, s.Close(), net.ErrClosed)
	}
	assert.NoFileExists(t, path)
	_, err := sock.Listen(sockets[0].Loop(), "127.0.0.1:0")
	assert.ErrorIs(t, err, loop.ErrClosed)
	_, err = sock.FromFD(sockets[0].Loop(), 0)
	assert.ErrorIs(t, err, loop.ErrClosed)
}
