package sock_test

// Reading into a lent buffer, and sending what goes out at once.

import (
	"io"
	"net"
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

func TestReadLent(t *testing.T) {
	runRows(t, []row{
		{name: "what_is_there_and_then_the_end", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "hello")
			require.NoError(w, a.CloseWrite())
			var got []byte
			var err error
			for err == nil {
				err = sock.ReadLent(yield, b, func(data []byte) { got = append(got, data...) })
			}
			require.True(w, err == io.EOF, "bare io.EOF, not %v", err)
			require.Equal(w, "hello", string(got))
		}},
		{name: "two_connections_have_one_buffer_after_the_other", run: func(w *world, yield coro.Yield) {
			for range 3 {
				a, b := w.pair(yield)
				reads := w.Spawn(func(yield coro.Yield) error {
					return sock.ReadLent(yield, b, func(data []byte) { require.Equal(w, "x", string(data)) })
				})
				w.Waits(yield, reads)
				w.send(yield, a, "x")
				w.fails(yield, reads, nil)
			}
		}},
		{name: "nothing_is_lent_with_an_error", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			never := func([]byte) { require.Fail(w, "it was called") }
			require.ErrorIs(w, sock.ReadLent(nil, b, never), task.ErrNoTask)
			canceled := w.Spawn(func(yield coro.Yield) error { return sock.ReadLent(yield, b, never) })
			w.Waits(yield, canceled)
			require.ErrorIs(w, sock.ReadLent(yield, b, never), sock.ErrBusy)
			canceled.Cancel()
			w.fails(yield, canceled, future.ErrCanceled)
			require.NoError(w, a.Abort())
			err := sock.ReadLent(yield, b, never)
			require.ErrorIs(w, err, unix.ECONNRESET)
			require.ErrorContains(w, err, "read ")
			require.NoError(w, b.Close())
			require.ErrorIs(w, sock.ReadLent(yield, b, never), net.ErrClosed)
		}},
	})
}

func TestSendNow(t *testing.T) {
	runRows(t, []row{
		{name: "what_the_kernel_takes", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.Zero(w, sock.SendNow(a, nil))
			text := "hello"
			for len(text) > 0 {
				text = text[sock.SendNow(a, []byte(text)):]
			}
			w.reads(yield, b, "hello")
		}},
		{name: "not_more_than_it_takes", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			data := make([]byte, 64<<20)
			sent := sock.SendNow(a, data)
			require.Less(w, sent, len(data))
			require.Zero(w, sock.SendNow(a, data), "it is full")
			require.NoError(w, a.CloseWrite())
			got, err := sock.ReadAll(yield, b, len(data))
			require.NoError(w, err)
			require.Len(w, got, sent)
		}},
		{name: "never_into_what_another_task_sends", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			first := make([]byte, 16<<20)
			sends := w.Spawn(func(yield coro.Yield) error { return sock.Send(yield, a, first) })
			w.Waits(yield, sends)
			reads := w.Spawn(func(yield coro.Yield) error {
				for left := len(first); left > 0; {
					if err := sock.ReadLent(yield, b, func(data []byte) { left -= len(data) }); err != nil {
						return err
					}
					if !sends.Done() {
						require.Zero(w, sock.SendNow(a, []byte("x")))
					}
				}
				return nil
			})
			w.fails(yield, sends, nil)
			w.fails(yield, reads, nil)
			require.Equal(w, 1, sock.SendNow(a, []byte("x")))
			w.reads(yield, b, "x")
		}},
		{name: "the_next_Send_finds_why", calls: sendFails, run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			require.Zero(w, sock.SendNow(a, []byte("x")))
			require.ErrorIs(w, sock.Send(yield, a, []byte("x")), unix.EPIPE)
			require.Equal(w, 2, w.count["sends"])
			require.NoError(w, a.SetWriteDeadline(w.Loop.Time().Add(-time.Second)))
			require.Zero(w, sock.SendNow(a, []byte("x")))
			require.NoError(w, a.Close())
			require.Zero(w, sock.SendNow(a, []byte("x")))
			require.Equal(w, 2, w.count["sends"], "the kernel isn't asked")
		}},
	})
}

func sendFails(w *world, c *sys.Calls) {
	c.Send = func(int, []byte) (int, error) {
		w.count["sends"]++
		return -1, unix.EPIPE
	}
}
