package sock_test

import (
	"errors"
	"net"
	"testing"

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

const limit = leaktest.Patience // of what the servers are asked

func TestSend(t *testing.T) {
	runRows(t, []row{
		{name: "W01_a_part_is_taken", run: sendArrives, calls: func(_ *world, c *sys.Calls) {
			send := c.Send
			c.Send = func(fd int, p []byte) (int, error) { return send(fd, p[:min(len(p), 100)]) }
		}},
		{name: "W04_a_byte_a_call", calls: sendCrawls, run: func(w *world, yield coro.Yield) {
			sendArrives(w, yield)
			assert.Equal(w, 1000, w.count["sends"], "a call a byte, none in vain")
		}},
		{name: "W02_EAGAIN_first", calls: sendSays(0, unix.EAGAIN), run: sendArrives},
		{name: "W03_nothing_is_taken", calls: sendSays(0, nil), run: sendArrives},
		{name: "W14_EINTR", calls: sendSays(0, unix.EINTR), run: sendArrives},
		{name: "W14_ENOBUFS", calls: sendSays(0, unix.ENOBUFS), run: sendArrives},
		{name: "W05_empty", calls: sendSays(-1, unix.EIO), run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			rounds := w.Loop.Rounds()
			require.NoError(w, sock.Send(yield, a, nil))
			require.NoError(w, sock.Send(yield, a, []byte{}))
			assert.Zero(w, w.count["sends"])
			assert.Equal(w, rounds, w.Loop.Rounds())
		}},
		{name: "W06_the_peer_resets", run: func(w *world, yield coro.Yield) {
			s := w.connect(yield, w.serve(faulty.ResetMidway("")).Addr())
			var err error
			for err == nil {
				err = sock.Send(yield, s, []byte("x"))
			}
			if !errors.Is(err, unix.EPIPE) {
				require.ErrorIs(w, err, unix.ECONNRESET)
			}
			require.ErrorIs(w, sock.Send(yield, s, []byte("x")), unix.EPIPE, "and the process lives")
		}},
		{name: "W07_after_the_end", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, a.CloseWrite())
			err := sock.Send(yield, a, []byte("late"))
			require.ErrorIs(w, err, unix.EPIPE)
			require.ErrorContains(w, err, "0 of 4 bytes sent: broken pipe")
			w.send(yield, b, "still goes")
			w.reads(yield, a, "still goes")
		}},
		{name: "W08_W09_the_peer_never_reads", run: sendBlocked, bulk: true},
		{name: "W10_two_at_once", run: sendTwice, bulk: true},
		{name: "W12_more_than_2_GiB", calls: sendCounts, run: sendHuge, bulk: true},
		{name: "W13_send_while_a_read_waits", run: sendWhileReading},
		{name: "W13_read_while_a_send_waits", run: readWhileSending, bulk: true},
		{name: "B02_nil_yield", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			require.ErrorIs(w, sock.Send(nil, a, []byte("x")), task.ErrNoTask)
			w.send(yield, a, "not busy")
		}},
	})
}

func sendCrawls(w *world, c *sys.Calls) {
	c.Send = func(fd int, p []byte) (int, error) {
		w.count["sends"]++
		return sys.Kernel.Send(fd, p[:1])
	}
}

// sendSays has each other call, and the first, say n and err instead. n = -1: each.
func sendSays(n int, err error) func(*world, *sys.Calls) {
	return func(w *world, c *sys.Calls) {
		send := c.Send
		c.Send = func(fd int, p []byte) (int, error) {
			if w.count["sends"]++; n < 0 || w.count["sends"]%2 == 1 {
				return max(0, n), err
			}
			return send(fd, p)
		}
	}
}

func sendArrives(w *world, yield coro.Yield) {
	server := w.serve(faulty.Sink())
	s := w.connect(yield, server.Addr())
	data := faulty.Pattern(1000)
	require.NoError(w, sock.Send(yield, s, data))
	require.NoError(w, s.Close())
	got, err := server.Received(limit)
	require.NoError(w, err)
	require.Equal(w, data, got)
}

// sendBlocked cancels in the middle: how much went out is in the error, and the
// next send goes on from there.
func sendBlocked(w *world, yield coro.Yield) {
	server := w.serve(faulty.NeverReads())
	s := w.connect(yield, server.Addr())
	w.narrow(s)
	data := faulty.Pattern(4 << 20)
	t := w.sends(s, data)
	w.Waits(yield, t)
	t.Cancel()
	_, err := task.Await(yield, t)
	require.ErrorIs(w, err, future.ErrCanceled)
	var partly *sock.SendError
	require.ErrorAs(w, err, &partly)
	assert.Positive(w, partly.Sent)
	assert.Less(w, partly.Sent, len(data))
	assert.Empty(w, w.Selector.Registered, "the writer is removed")
	server.Release()
	require.NoError(w, sock.Send(yield, s, data[partly.Sent:]))
	require.NoError(w, s.Close())
	got, err := server.Received(limit)
	require.NoError(w, err)
	require.NoError(w, faulty.CheckPattern(got, 0))
	require.Len(w, got, len(data))
}

func (w *world) sends(s *sock.Socket, data []byte) *task.Task {
	return w.Spawn(func(yield coro.Yield) error { return sock.Send(yield, s, data) })
}

// narrow makes the kernel's buffers small: a megabyte is more than they take.
func (w *world) narrow(sockets ...*sock.Socket) {
	for _, s := range sockets {
		require.NoError(w, unix.SetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_SNDBUF, 64<<10))
		require.NoError(w, unix.SetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, 64<<10))
	}
}

// sendTwice refuses the second by name, and closes under the first.
func sendTwice(w *world, yield coro.Yield) {
	s := w.connect(yield, w.serve(faulty.NeverReads()).Addr())
	w.narrow(s)
	first := w.sends(s, make([]byte, 4<<20))
	w.Waits(yield, first)
	require.ErrorIs(w, sock.Send(yield, s, []byte("other")), sock.ErrBusy)
	w.Waits(yield, first)
	require.NoError(w, s.Close())
	w.fails(yield, first, net.ErrClosed)
}

func sendCounts(w *world, c *sys.Calls) {
	c.Send = func(_ int, p []byte) (int, error) {
		w.count["sent"] += len(p)
		w.count["most"] = max(w.count["most"], len(p))
		return len(p), nil
	}
}

// sendHuge maps what nobody touches: it costs no memory.
func sendHuge(w *world, yield coro.Yield) {
	const size = 2<<30 + 5
	huge, err := unix.Mmap(-1, 0, size, unix.PROT_READ, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(w, err)
	defer func() { require.NoError(w, unix.Munmap(huge)) }()
	a, _ := w.pair(yield)
	require.NoError(w, sock.Send(yield, a, huge))
	assert.Equal(w, size, w.count["sent"])
	assert.LessOrEqual(w, w.count["most"], 1<<30)
}

func sendWhileReading(w *world, yield coro.Yield) {
	a, b := w.pair(yield)
	read := w.Spawn(func(yield coro.Yield) error {
		w.reads(yield, a, "to a")
		return nil
	})
	w.Waits(yield, read)
	w.send(yield, a, "to b")
	w.reads(yield, b, "to b")
	w.Waits(yield, read)
	w.send(yield, b, "to a")
	w.fails(yield, read, nil)
}

// readWhileSending: the end of the read must not unregister the writer.
func readWhileSending(w *world, yield coro.Yield) {
	a, b := w.pair(yield)
	w.narrow(a, b)
	data := faulty.Pattern(2 << 20)
	sent := w.sends(a, data)
	w.Waits(yield, sent)
	read := w.Spawn(func(yield coro.Yield) error {
		w.reads(yield, a, "to a")
		return nil
	})
	w.Waits(yield, read)
	w.send(yield, b, "to a")
	w.fails(yield, read, nil)
	for n := 0; n < len(data); {
		p, err := sock.Read(yield, b)
		require.NoError(w, err)
		require.NoError(w, faulty.CheckPattern(p, int64(n)))
		n += len(p)
	}
	w.fails(yield, sent, nil)
}
