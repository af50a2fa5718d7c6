package sock_test

// Reads that never wait, a wait that never reads, and a Socket that rests.

import (
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func TestTryRead(t *testing.T) {
	try := func(s *sock.Socket) (string, error) {
		p := make([]byte, 9)
		n, err := s.TryRead(p)
		return string(p[:n]), err
	}
	fails := func(w *world, s *sock.Socket, want error) {
		w.Helper()
		_, err := try(s)
		require.ErrorIs(w, err, want)
		require.True(w, isOpError(err, "read"))
	}
	runRows(t, []row{
		{name: "what_has_arrived_and_no_more", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 3 { // each time it comes up short
				fails(w, a, unix.EAGAIN)
				w.send(yield, b, "x")
				require.NoError(w, sock.WaitReadable(yield, a))
				n, err := a.TryRead(nil)
				require.NoError(w, err)
				require.Zero(w, n)
				got, err := try(a)
				require.NoError(w, err)
				require.Equal(w, "x", got)
				w.send(yield, b, "y")
				require.NoError(w, sock.WaitReadable(yield, a))
				got, err = try(a)
				require.NoError(w, err)
				require.Equal(w, "y", got)
			}
			w.send(yield, b, "z")
			w.reads(yield, a, "z")
		}},
		{name: "the_end", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, b.Close())
			require.NoError(w, sock.WaitReadable(yield, a))
			for range 2 {
				_, err := try(a)
				require.Equal(w, io.EOF, err)
			}
		}},
		{name: "in_a_callback_and_while_a_task_reads", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			reads := w.readsOnce(a)
			w.Waits(yield, reads)
			w.Loop.CallSoon(func() { fails(w, a, sock.ErrBusy) })
			require.NoError(w, task.Checkpoint(yield))
			w.send(yield, b, "x")
			w.fails(yield, reads, nil)
			w.Loop.CallSoon(func() { fails(w, a, unix.EAGAIN) })
			require.NoError(w, task.Checkpoint(yield))
		}},
		{name: "too_late_and_closed", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, b, "x")
			require.NoError(w, sock.WaitReadable(yield, a))
			require.NoError(w, a.SetReadDeadline(longAgo))
			fails(w, a, os.ErrDeadlineExceeded)
			require.NoError(w, a.SetReadDeadline(time.Time{}))
			w.reads(yield, a, "x")
			require.NoError(w, a.Close())
			fails(w, a, net.ErrClosed)
		}},
		{name: "a_signal_in_between", calls: func(w *world, c *sys.Calls) {
			recv := c.Recv
			c.Recv = func(fd int, p []byte) (int, error) {
				if w.count["signals"]++; w.count["signals"]%2 == 1 {
					return 0, unix.EINTR
				}
				return recv(fd, p)
			}
		}, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			fails(w, a, unix.EAGAIN)
			w.send(yield, b, "x")
			require.NoError(w, sock.WaitReadable(yield, a))
			got, err := try(a)
			require.NoError(w, err)
			require.Equal(w, "x", got)
		}},
	})
}

func TestWaitReadable(t *testing.T) {
	runRows(t, []row{
		{name: "it_leaves_what_has_come", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			waits := w.Spawn(func(yield coro.Yield) error { return sock.WaitReadable(yield, a) })
			w.Waits(yield, waits)
			w.send(yield, b, "hello")
			w.fails(yield, waits, nil)
			require.NoError(w, sock.WaitReadable(yield, a), "and again")
			w.reads(yield, a, "hello")
		}},
		{name: "what_ends_it", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.ErrorIs(w, sock.WaitReadable(nil, a), task.ErrNoTask)
			waits := w.Spawn(func(yield coro.Yield) error { return sock.WaitReadable(yield, a) })
			w.Waits(yield, waits)
			_, err := sock.Read(yield, a)
			require.ErrorIs(w, err, sock.ErrBusy)
			waits.Cancel()
			w.fails(yield, waits, future.ErrCanceled)
			require.NoError(w, a.SetReadDeadline(inAnHour()))
			err = sock.WaitReadable(yield, a)
			requireTimeout(w, err)
			require.True(w, isOpError(err, "wait"))
			require.NoError(w, a.SetReadDeadline(time.Time{}))
			waits = w.Spawn(func(yield coro.Yield) error { return sock.WaitReadable(yield, a) })
			w.Waits(yield, waits)
			require.NoError(w, a.Close())
			w.fails(yield, waits, net.ErrClosed)
			require.ErrorIs(w, sock.WaitReadable(yield, a), net.ErrClosed)
			require.NoError(w, b.Close())
		}},
		{name: "a_reset", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, b.Abort())
			require.ErrorIs(w, sock.WaitReadable(yield, a), unix.ECONNRESET)
			_, err := sock.Read(yield, a)
			require.ErrorIs(w, err, unix.ECONNRESET, "the next read says it again")
		}},
	})
}

// TestLookAtAReset: the kernel says once that a connection was reset, and whoever only looks
// may not keep it from the next read.
func TestLookAtAReset(t *testing.T) {
	looks := map[string]func(yield coro.Yield, s *sock.Socket){
		"Arrived":      func(_ coro.Yield, s *sock.Socket) { s.Arrived() },
		"WaitReadable": func(yield coro.Yield, s *sock.Socket) { _ = sock.WaitReadable(yield, s) },
		"both": func(yield coro.Yield, s *sock.Socket) {
			_ = sock.WaitReadable(yield, s)
			s.Arrived()
		},
	}
	reads := map[string]func(yield coro.Yield, s *sock.Socket) error{
		"Read": func(yield coro.Yield, s *sock.Socket) error { _, err := sock.Read(yield, s); return err },
		"ReadInto": func(yield coro.Yield, s *sock.Socket) error {
			_, err := sock.ReadInto(yield, s, make([]byte, 9))
			return err
		},
		"ReadAll": func(yield coro.Yield, s *sock.Socket) error { _, err := sock.ReadAll(yield, s, 9); return err },
		"ReadNow": func(_ coro.Yield, s *sock.Socket) error { return sock.ReadNow(s, func([]byte) {}) },
		"TryRead": func(_ coro.Yield, s *sock.Socket) error { _, err := s.TryRead(make([]byte, 9)); return err },
	}
	var rows []row
	for look, looks := range looks {
		for read, reads := range reads {
			rows = append(rows, row{name: look + "_then_" + read, run: func(w *world, yield coro.Yield) {
				a, b := w.pair(yield)
				w.send(yield, b, "x")
				data, err := sock.Read(yield, a) // comes up short: s knows that nothing is left
				require.NoError(w, err)
				require.Equal(w, "x", string(data))
				require.NoError(w, b.Abort())
				for !a.Arrived() {
					require.NoError(w, task.Sleep(yield, 0))
				}
				looks(yield, a)
				require.True(w, a.Arrived(), "and again")
				for range 2 {
					require.ErrorIs(w, reads(yield, a), unix.ECONNRESET)
				}
			}})
		}
	}
	runRows(t, rows)
}

func TestUnwatch(t *testing.T) {
	runRows(t, []row{
		{name: "a_Socket_that_rests_is_not_in_the_selector", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 2 {
				reads := w.readsOnce(a)
				w.Waits(yield, reads)
				w.send(yield, b, "x")
				w.fails(yield, reads, nil)
				a.Unwatch()
				a.Unwatch()
				require.NotContains(w, w.Selector.Registered, a.FD())
			}
			require.NoError(w, a.Close())
			a.Unwatch()
		}},
		{name: "nor_one_that_has_sent", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.narrow(a, b)
			sends := w.sends(a, make([]byte, 1<<20))
			w.Waits(yield, sends)
			require.NoError(w, w.gets(sock.Stream(b), make([]byte, 1<<20)))
			w.fails(yield, sends, nil)
			a.Unwatch()
			require.NotContains(w, w.Selector.Registered, a.FD())
		}},
		{name: "whoever_waits_goes_on_waiting", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			reads := w.readsOnce(a)
			w.Waits(yield, reads)
			a.Unwatch()
			w.send(yield, b, "x")
			w.fails(yield, reads, nil)
		}},
	})
}
