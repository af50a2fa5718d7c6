package sock_test

import (
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func TestConnect(t *testing.T) {
	runRows(t, []row{
		{name: "C01_a_listener", run: connectEchoes()},
		{name: "C01_success_at_once", calls: connectAtOnce, run: connectEchoes()},
		{name: "C01_a_unix_socket", run: connectEchoes("unix")},
		{name: "C02_a_refused_port", calls: countRefusals, run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.Refused())
			_, err := sock.Connect(yield, server.Addr())
			require.ErrorIs(w, err, unix.ECONNREFUSED)
			require.ErrorContains(w, err, "connect "+server.Addr()+": connection refused")
			assert.Equal(w, 1, w.count["refusals"], "SO_ERROR gives its reason once")
		}},
		{name: "C02_a_refused_unix_socket", run: func(w *world, yield coro.Yield) {
			_, err := sock.Connect(yield, w.serve(faulty.Refused("unix")).URL())
			require.ErrorIs(w, err, unix.ECONNREFUSED)
		}},
		{name: "C02_no_such_unix_socket", run: func(w *world, yield coro.Yield) {
			_, err := sock.Connect(yield, "unix:"+filepath.Join(w.TempDir(), "none"))
			require.ErrorIs(w, err, unix.ENOENT)
		}},
		{name: "C03_no_answer_until_a_timer_cancels", run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.NeverAccepts())
			files := leaktest.Files(w)
			t := w.Spawn(func(yield coro.Yield) error {
				_, err := sock.Connect(yield, server.Addr())
				return err
			})
			w.Loop.CallLater(3*time.Second, func() { t.Cancel() })
			w.fails(yield, t, future.ErrCanceled)
			assert.Equal(w, 3*time.Second, w.Loop.Now())
			assert.Equal(w, files, leaktest.Files(w))
			assert.Empty(w, w.Selector.Registered)
		}},
		{name: "C04_cancelled_in_progress", calls: rememberSocket, run: connectCanceled},
		{name: "C05_cancelled_after_success_in_the_same_round", calls: rememberSocket, run: connectCanceledTooLate},
		{name: "C06_the_socket_is_connected_already",
			calls: func(_ *world, c *sys.Calls) { c.Connect = func(int, unix.Sockaddr) error { return unix.EISCONN } },
			run: func(w *world, yield coro.Yield) {
				_, err := sock.Connect(yield, "127.0.0.1:9")
				require.ErrorIs(w, err, unix.EISCONN)
			}},
		{name: "C07_EINTR_is_in_progress", calls: connectInterrupted, run: func(w *world, yield coro.Yield) {
			connectEchoes()(w, yield)
			assert.Equal(w, 1, w.count["connects"])
		}},
		{name: "C08_writable_is_not_connected", calls: writableAtOnce, run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.NeverAccepts())
			t := w.Spawn(func(yield coro.Yield) error {
				_, err := sock.Connect(yield, server.Addr())
				return err
			})
			w.Waits(yield, t)
			t.Cancel()
			w.fails(yield, t, future.ErrCanceled)
		}},
		{name: "C09_to_itself", calls: func(_ *world, c *sys.Calls) { c.LocalName = c.PeerName },
			run: func(w *world, yield coro.Yield) {
				_, err := sock.Connect(yield, w.serve(faulty.Echo()).Addr())
				require.ErrorIs(w, err, sock.ErrSelfConnect)
			}},
		{name: "C11_IPv6", run: func(w *world, yield coro.Yield) {
			if !faulty.HasIPv6() {
				w.Skip("NOT TESTED: no IPv6 here")
			}
			connectEchoes("[::1]:0")(w, yield)
		}},
		{name: "C12_no_port_is_free", calls: connectsFail(unix.EADDRNOTAVAIL), run: func(w *world, yield coro.Yield) {
			_, err := sock.Connect(yield, "127.0.0.1:9")
			require.ErrorIs(w, err, unix.EADDRNOTAVAIL)
			assert.Equal(w, 1, w.count["connects"])
		}},
		{name: "C15_the_loop_closes_while_connecting", run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.NeverAccepts())
			w.Waits(yield, w.Spawn(func(yield coro.Yield) error {
				_, err := sock.Connect(yield, server.Addr())
				assert.ErrorIs(w, err, net.ErrClosed, "the socket is newer than the task, so it goes first")
				w.count["ended"]++
				return err
			}))
			w.Cleanup(func() { assert.Equal(w, 1, w.count["ended"]) })
		}},
		{name: "B02_nil_yield", run: func(w *world, yield coro.Yield) {
			_, err := sock.Connect(nil, "127.0.0.1:9")
			require.ErrorIs(w, err, task.ErrNoTask)
		}},
	})
}

func connectEchoes(at ...string) func(*world, coro.Yield) {
	return func(w *world, yield coro.Yield) {
		server := w.serve(faulty.Echo(at...))
		address := server.Addr()
		if len(at) > 0 && at[0] == "unix" {
			address = server.URL()
		}
		s := w.connect(yield, address)
		assert.Equal(w, server.Addr(), s.RemoteAddr().String())
		w.echoes(yield, s)
		require.NoError(w, s.Close())
	}
}

func connectAtOnce(_ *world, c *sys.Calls) {
	c.Connect = func(fd int, sa unix.Sockaddr) error {
		if err := unix.Connect(fd, sa); err != unix.EINPROGRESS {
			return err
		}
		return sys.Retry(func() error {
			_, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
			return err
		})
	}
}

func countRefusals(w *world, c *sys.Calls) {
	c.SocketError = func(fd int) error {
		err := sys.Kernel.SocketError(fd)
		if err != nil {
			w.count["refusals"]++
			assert.NoError(w, sys.Kernel.SocketError(fd), "the second time")
		}
		return err
	}
}

func connectInterrupted(w *world, c *sys.Calls) {
	c.Connect = func(fd int, sa unix.Sockaddr) error {
		w.count["connects"]++
		if err := unix.Connect(fd, sa); err != unix.EINPROGRESS {
			return err
		}
		return unix.EINTR
	}
}

func connectsFail(errno unix.Errno) func(*world, *sys.Calls) {
	return func(w *world, c *sys.Calls) {
		c.Connect = func(int, unix.Sockaddr) error { w.count["connects"]++; return errno }
	}
}

// writableAtOnce wakes the connect with no reason, whatever the mode.
func writableAtOnce(w *world, _ *sys.Calls) { w.spurious = true }

func rememberSocket(w *world, c *sys.Calls) {
	c.Socket = func(family int) (int, error) {
		fd, err := sys.Kernel.Socket(family)
		w.count["fd"] = fd
		return fd, err
	}
}

// connectCanceled wants the number free, and of use to the next, at once.
func connectCanceled(w *world, yield coro.Yield) {
	server := w.serve(faulty.NeverAccepts())
	t := w.Spawn(func(yield coro.Yield) error {
		_, err := sock.Connect(yield, server.Addr())
		assert.False(w, w.Loop.RemoveWriter(w.count["fd"]), "writer is removed before connect returns")
		return err
	})
	w.Waits(yield, t)
	t.Cancel()
	w.fails(yield, t, future.ErrCanceled)
	before := w.count["fd"]
	s := w.connect(yield, w.serve2(faulty.Echo, before).Addr())
	w.echoes(yield, s)
}

// serve2 starts a server while fd is kept for the socket that comes next.
func (w *world) serve2(start func(...string) *faulty.Server, fd int) *faulty.Server {
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	require.NoError(w, err)
	assert.Equal(w, fd, null, "the number is free")
	server := w.serve(start())
	require.NoError(w, unix.Close(null))
	return server
}

// connectCanceledTooLate cancels when the selector has reported the success and
// the task has not yet been told.
func connectCanceledTooLate(w *world, yield coro.Yield) {
	server := w.serve(faulty.Echo())
	for extra := range 4 {
		t := w.Spawn(func(yield coro.Yield) error {
			_, err := sock.Connect(yield, server.Addr())
			return err
		})
		w.count["fd"] = -1
		for !writable(w.count["fd"]) {
			require.NoError(w, task.Checkpoint(yield))
		}
		for range extra {
			require.NoError(w, task.Checkpoint(yield))
		}
		t.Cancel()
		if _, err := task.Await(yield, t); extra < 2 || err != nil {
			require.ErrorIs(w, err, future.ErrCanceled)
			assert.Empty(w, w.Selector.Registered)
		}
	}
}

func writable(fd int) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 0)
	return fd >= 0 && err == nil && n == 1
}

func isOpError(err error, op string) bool {
	var e *net.OpError
	return errors.As(err, &e) && e.Op == op
}
