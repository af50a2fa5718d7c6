package sock_test

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func TestAccept(t *testing.T) {
	rows := []row{
		{name: "A01_ready", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			assert.Equal(w, a.LocalAddr().String(), b.RemoteAddr().String())
			w.send(yield, a, "to b")
			w.reads(yield, b, "to b")
		}},
		{name: "A01_none_yet", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			t := w.accepts(l)
			w.Waits(yield, t)
			w.connect(yield, l.LocalAddr().String())
			w.fails(yield, t, nil)
		}},
		{name: "A02_burst_of_100", run: acceptBurst},
		{name: "A05_EBADF_is_raised", calls: acceptFails(1, unix.EBADF), run: acceptRaises(unix.EBADF)},
		{name: "A05_EINVAL_is_raised", calls: acceptFails(1, unix.EINVAL), run: acceptRaises(unix.EINVAL)},
		{name: "A06_closed_while_accept_waits", run: acceptClosed},
		{name: "A06_closed_in_the_pause_after_EMFILE", calls: acceptFails(1, unix.EMFILE), run: func(w *world, yield coro.Yield) {
			l := w.listen()
			w.wantReports = 1
			t := w.accepts(l)
			w.connect(yield, l.LocalAddr().String())
			w.Loop.CallLater(10*time.Millisecond, func() { _ = l.Close() })
			w.fails(yield, t, net.ErrClosed)
			assert.Equal(w, 10*time.Millisecond, w.Loop.Now())
		}},
		{name: "A07_cancelled", run: acceptCanceled},
		{name: "A08_the_peer_is_gone_already", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			require.NoError(w, w.connect(yield, l.LocalAddr().String()).Close())
			s, err := sock.Accept(yield, l)
			require.NoError(w, err)
			data, err := sock.ReadAll(yield, s, 10)
			require.NoError(w, err)
			assert.Empty(w, data)
		}},
		{name: "A09_nonblocking_and_close_on_exec", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for _, s := range []*sock.Socket{a, b, w.listen()} {
				flags, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFL, 0)
				require.NoError(w, err)
				assert.NotZero(w, flags&unix.O_NONBLOCK, "O_NONBLOCK")
				flags, err = unix.FcntlInt(uintptr(s.FD()), unix.F_GETFD, 0)
				require.NoError(w, err)
				assert.NotZero(w, flags&unix.FD_CLOEXEC, "FD_CLOEXEC")
			}
		}},
		{name: "A10_two_wait_on_one_listener", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			first, second := w.accepts(l), w.accepts(l)
			w.Waits(yield, second)
			w.connect(yield, l.LocalAddr().String())
			w.fails(yield, first, nil)
			w.Waits(yield, second)
			w.connect(yield, l.LocalAddr().String())
			w.fails(yield, second, nil)
		}},
		{name: "A11_not_a_listener", run: func(w *world, yield coro.Yield) {
			fd, err := sys.Kernel.Socket(unix.AF_INET)
			require.NoError(w, err)
			s, err := sock.FromFD(w.Loop, fd)
			require.NoError(w, err)
			_, err = sock.Accept(yield, s)
			require.ErrorIs(w, err, unix.EINVAL)
			a, _ := w.pair(yield)
			_, err = sock.Accept(yield, a)
			require.ErrorIs(w, err, unix.EINVAL)
			assert.True(w, isOpError(err, "accept"))
		}},
	}
	for _, errno := range []unix.Errno{unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM} {
		rows = append(rows, row{name: "A03_" + unix.ErrnoName(errno), calls: acceptFails(3, errno), run: acceptExhausted(errno)})
	}
	for _, errno := range []unix.Errno{unix.ECONNABORTED, unix.EPROTO, unix.ENETDOWN, unix.ENETUNREACH,
		unix.EHOSTDOWN, unix.EHOSTUNREACH, unix.ENOPROTOOPT, unix.EINTR} {
		rows = append(rows, row{name: "A04_" + unix.ErrnoName(errno), calls: acceptFails(2, errno), run: func(w *world, yield coro.Yield) {
			w.pair(yield)
			assert.GreaterOrEqual(w, w.count["accepts"], 3)
			assert.Empty(w, w.Slept)
		}})
	}
	runRows(t, rows)
}

func TestTryAccept(t *testing.T) {
	runRows(t, []row{
		{name: "A01_none_waits", run: func(w *world, _ coro.Yield) {
			_, err := w.listen().TryAccept()
			assert.Equal(w, unix.EAGAIN, err)
		}},
		{name: "A01_one_waits", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			a := w.connect(yield, l.LocalAddr().String())
			b, err := l.TryAccept()
			require.NoError(w, err)
			assert.Equal(w, a.LocalAddr().String(), b.RemoteAddr().String())
			w.send(yield, a, "to b")
			w.reads(yield, b, "to b")
		}},
		{name: "A10_while_a_task_waits_in_Accept", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			t := w.accepts(l)
			w.Waits(yield, t)
			c, err := net.Dial("tcp", l.LocalAddr().String()) // t has no turn meanwhile
			require.NoError(w, err)
			defer c.Close()
			for err = unix.EAGAIN; err == unix.EAGAIN; {
				_, err = l.TryAccept()
			}
			require.NoError(w, err)
			w.Waits(yield, t)
			w.connect(yield, l.LocalAddr().String())
			w.fails(yield, t, nil)
		}},
		{name: "A03_EMFILE_is_returned_at_once", calls: acceptFails(1, unix.EMFILE), run: tryAcceptRaises(unix.EMFILE)},
		{name: "A04_ECONNABORTED_is_returned_at_once", calls: acceptFails(1, unix.ECONNABORTED), run: tryAcceptRaises(unix.ECONNABORTED)},
		{name: "A04_EINTR_is_tried_again", calls: acceptFails(1, unix.EINTR), run: func(w *world, yield coro.Yield) {
			l := w.listen()
			w.connect(yield, l.LocalAddr().String())
			_, err := l.TryAccept()
			require.NoError(w, err)
		}},
		{name: "A06_closed", run: func(w *world, _ coro.Yield) {
			l := w.listen()
			require.NoError(w, l.Close())
			_, err := l.TryAccept()
			require.ErrorIs(w, err, net.ErrClosed)
		}},
	})
}

func tryAcceptRaises(errno unix.Errno) func(*world, coro.Yield) {
	return func(w *world, _ coro.Yield) {
		_, err := w.listen().TryAccept()
		require.ErrorIs(w, err, errno)
		assert.True(w, isOpError(err, "accept"))
		assert.Equal(w, 1, w.count["accepts"])
		assert.Empty(w, w.Slept)
	}
}

func (w *world) accepts(l *sock.Socket) *task.Task {
	return w.Spawn(func(yield coro.Yield) error {
		_, err := sock.Accept(yield, l)
		return err
	})
}

// acceptFails has the first n calls fail that would have found a connection or not.
func acceptFails(n int, errno unix.Errno) func(*world, *sys.Calls) {
	return func(w *world, c *sys.Calls) {
		c.Accept = func(fd int) (int, unix.Sockaddr, error) {
			if w.count["accepts"]++; w.count["accepts"] <= n {
				return -1, nil, errno
			}
			return sys.Kernel.Accept(fd)
		}
	}
}

// acceptExhausted wants a growing pause between the tries, deaf to the listener.
func acceptExhausted(errno unix.Errno) func(*world, coro.Yield) {
	return func(w *world, yield coro.Yield) {
		l := w.listen()
		w.wantReports = 3
		w.connect(yield, l.LocalAddr().String())
		_, err := sock.Accept(yield, l)
		require.NoError(w, err)
		assert.Equal(w, 4, w.count["accepts"])
		const ms = time.Millisecond
		assert.Equal(w, []time.Duration{50 * ms, 100 * ms, 200 * ms}, w.Slept)
		for _, e := range w.Reports {
			assert.ErrorIs(w, e.Err, errno)
		}
	}
}

func acceptRaises(errno unix.Errno) func(*world, coro.Yield) {
	return func(w *world, yield coro.Yield) {
		l := w.listen()
		_, err := sock.Accept(yield, l)
		require.ErrorIs(w, err, errno)
		assert.Equal(w, 1, w.count["accepts"])
		w.connect(yield, l.LocalAddr().String())
		_, err = sock.Accept(yield, l)
		require.NoError(w, err, "the listener is not busy afterwards")
	}
}

// acceptBurst wants others to have their turn while 100 are accepted.
func acceptBurst(w *world, yield coro.Yield) {
	l := w.listen()
	for range 100 {
		w.connect(yield, l.LocalAddr().String())
	}
	turns := 0
	other := w.Spawn(func(yield coro.Yield) error {
		for {
			turns++
			if err := task.Checkpoint(yield); err != nil {
				return err
			}
		}
	})
	for range 100 {
		_, err := sock.Accept(yield, l)
		require.NoError(w, err)
	}
	assert.GreaterOrEqual(w, turns, 3)
	other.Cancel()
	w.fails(yield, other, future.ErrCanceled)
}

func acceptClosed(w *world, yield coro.Yield) {
	l := w.listen()
	first, second := w.accepts(l), w.accepts(l)
	w.Waits(yield, second)
	require.NoError(w, l.Close())
	assert.Empty(w, w.Selector.Registered, "at once")
	w.fails(yield, first, net.ErrClosed)
	w.fails(yield, second, net.ErrClosed)
	_, err := sock.Accept(yield, l)
	require.ErrorIs(w, err, net.ErrClosed)
}

func acceptCanceled(w *world, yield coro.Yield) {
	l := w.listen()
	tasks := []*task.Task{w.accepts(l), w.accepts(l), w.accepts(l)}
	w.Waits(yield, tasks[2])
	tasks[1].Cancel()
	w.fails(yield, tasks[1], future.ErrCanceled)
	tasks[0].Cancel()
	w.fails(yield, tasks[0], future.ErrCanceled)
	w.connect(yield, l.LocalAddr().String())
	w.fails(yield, tasks[2], nil)
	last := w.accepts(l)
	w.Waits(yield, last)
	last.Cancel()
	w.fails(yield, last, future.ErrCanceled)
	assert.False(w, w.Loop.RemoveReader(l.FD()), "the reader is removed")
	w.connect(yield, l.LocalAddr().String())
	w.fails(yield, w.accepts(l), nil)
}

func TestAcceptWhenTheTurnIsCancelled(t *testing.T) {
	runRows(t, []row{{name: "A07_the_turn_goes_to_the_next", run: func(w *world, yield coro.Yield) {
		l := w.listen()
		first, second, third := w.accepts(l), w.accepts(l), w.accepts(l)
		w.Waits(yield, third)
		w.connect(yield, l.LocalAddr().String())
		first.AddDoneCallback(func() { second.Cancel() }) // its turn has come, it doesn't know yet
		w.fails(yield, first, nil)
		w.connect(yield, l.LocalAddr().String())
		w.fails(yield, third, nil)
		w.fails(yield, second, future.ErrCanceled)
		require.NotErrorIs(w, l.Close(), loop.ErrClosed)
	}}})
}
