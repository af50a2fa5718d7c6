package sock_test

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func TestRead(t *testing.T) {
	runRows(t, []row{
		{name: "R01_data_is_there", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "hello")
			rounds := w.Loop.Rounds()
			p := make([]byte, 1)
			n, err := sock.ReadInto(yield, b, p)
			require.NoError(w, err)
			assert.Equal(w, "h", string(p[:n]))
			assert.Equal(w, rounds, w.Loop.Rounds(), "no wait")
			w.reads(yield, b, "ello")
		}},
		{name: "R01_not_yet", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			var got []byte
			t := w.Spawn(func(yield coro.Yield) (err error) {
				got, err = sock.Read(yield, b)
				return err
			})
			w.Waits(yield, t)
			w.send(yield, a, "x")
			w.fails(yield, t, nil)
			assert.Equal(w, "x", string(got))
		}},
		{name: "R02_the_end_again_and_again", run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.HalfClose("last")).Addr())
			w.reads(yield, s, "last")
			for range 3 {
				_, err := sock.Read(yield, s)
				require.True(w, err == io.EOF, "bare io.EOF, not %v", err)
				n, err := sock.ReadInto(yield, s, make([]byte, 9))
				require.True(w, n == 0 && err == io.EOF, "%d, %v", n, err)
			}
		}},
		{name: "R03_a_reset_after_data", run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.ResetMidway("part"))
			s := w.connect(yield, server.Addr())
			w.reads(yield, s, "part")
			_, err := sock.Read(yield, s)
			require.ErrorIs(w, err, unix.ECONNRESET)
			require.ErrorContains(w, err, "read "+server.Addr()+": connection reset by peer")
		}},
		{name: "R03_a_reset_that_a_send_was_told_of_is_no_end", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "part")
			require.NoError(w, a.Abort())
			var err error
			for err == nil {
				err = sock.Send(yield, b, []byte("x"))
			}
			require.ErrorIs(w, err, unix.ECONNRESET)
			got, err := sock.ReadAll(yield, b, 100)
			require.ErrorIs(w, err, unix.ECONNRESET)
			require.Equal(w, "part", string(got))
			_, err = sock.Stream(b).Read(make([]byte, 9))
			require.ErrorIs(w, err, unix.ECONNRESET, "again and again")
		}},
		{name: "R03_a_send_after_the_end_leaves_it_the_end", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "all")
			require.NoError(w, a.CloseWrite())
			require.NoError(w, b.CloseWrite())
			require.ErrorIs(w, sock.Send(yield, b, []byte("x")), unix.EPIPE, "our own side has ended")
			got, err := sock.ReadAll(yield, b, 100)
			require.NoError(w, err)
			require.Equal(w, "all", string(got))
		}},
		{name: "R04_a_false_wake_up", calls: recvSays(unix.EAGAIN), run: readArrives},
		{name: "R05_EINTR", calls: recvSays(unix.EINTR), run: readArrives},
		{name: "R06_no_room", calls: recvSays(unix.EIO), run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			n, err := sock.ReadInto(yield, a, nil)
			require.NoError(w, err)
			assert.Zero(w, n)
			assert.Zero(w, w.count["recvs"])
		}},
		{name: "R07_cancelled_and_read_anew", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			t := w.readsOnce(b)
			w.Waits(yield, t)
			t.Cancel()
			w.send(yield, a, "for the second")
			w.fails(yield, t, future.ErrCanceled)
			assert.False(w, w.Loop.RemoveReader(b.FD()), "the reader is removed")
			w.reads(yield, b, "for the second")
		}},
		{name: "R08_two_at_once", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			t := w.readsOnce(b)
			w.Waits(yield, t)
			_, err := sock.Read(yield, b)
			require.ErrorIs(w, err, sock.ErrBusy)
			_, err = sock.ReadInto(yield, b, nil)
			require.ErrorIs(w, err, sock.ErrBusy)
			_, err = sock.ReadAll(yield, b, 1)
			require.ErrorIs(w, err, sock.ErrBusy)
			w.send(yield, a, "x")
			w.fails(yield, t, nil)
		}},
		{name: "R09_closed_while_it_waits", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			t := w.readsOnce(b)
			w.Waits(yield, t)
			require.NoError(w, b.Close())
			w.fails(yield, t, net.ErrClosed)
			_, err := sock.Read(yield, b)
			require.ErrorIs(w, err, net.ErrClosed)
			require.ErrorIs(w, sock.Send(yield, b, []byte("x")), net.ErrClosed)
			data, err := sock.ReadAll(yield, a, 1)
			require.NoError(w, err)
			assert.Empty(w, data)
		}},
		{name: "R12_an_urgent_byte", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			t := w.readsOnce(b)
			w.Waits(yield, t)
			require.NoError(w, unix.Sendto(a.FD(), []byte("!"), unix.MSG_OOB, nil))
			w.Waits(yield, t)
			w.send(yield, a, "x")
			w.fails(yield, t, nil)
		}},
		{name: "B02_nil_yield", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			_, err := sock.Read(nil, a)
			require.ErrorIs(w, err, task.ErrNoTask)
		}},
	})
}

func (w *world) readsOnce(s *sock.Socket) *task.Task {
	return w.Spawn(func(yield coro.Yield) error {
		_, err := sock.Read(yield, s)
		return err
	})
}

// recvSays has each other call, and the first, fail with errno.
func recvSays(errno unix.Errno) func(*world, *sys.Calls) {
	return func(w *world, c *sys.Calls) {
		recv := c.Recv
		c.Recv = func(fd int, p []byte) (int, error) {
			if w.count["recvs"]++; w.count["recvs"]%2 == 1 {
				return 0, errno
			}
			return recv(fd, p)
		}
	}
}

func readArrives(w *world, yield coro.Yield) {
	s := w.connect(yield, w.serve(faulty.Big(500)).Addr())
	data, err := sock.ReadAll(yield, s, 500)
	require.NoError(w, err)
	require.Equal(w, faulty.Pattern(500), data)
	assert.Greater(w, w.count["recvs"], 2)
}
