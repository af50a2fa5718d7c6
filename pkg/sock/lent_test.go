package sock_test

// Reading into a lent buffer, and sending what goes out at once.

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

func TestReadNow(t *testing.T) {
	never := func([]byte) { panic("it was called") }
	runRows(t, []row{
		{name: "what_is_there_and_then_the_end", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "hello")
			require.NoError(w, a.CloseWrite())
			var got []byte
			var err error
			for err == nil {
				require.NoError(w, sock.Readable(yield, b))
				err = sock.ReadNow(b, func(data []byte) { got = append(got, data...) })
			}
			require.True(w, err == io.EOF, "bare io.EOF, not %v", err)
			require.Equal(w, "hello", string(got))
		}},
		{name: "nothing_is_no_error", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, sock.ReadNow(b, never))
			w.send(yield, a, "x")
			w.reads(yield, b, "x")
			require.NoError(w, sock.ReadNow(b, never))
			require.NoError(w, sock.ReadNow(b, never))
		}},
		{name: "an_interrupted_call_is_no_error", calls: recvSays(unix.EINTR), run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "x")
			require.NoError(w, sock.ReadNow(b, never))
			require.NoError(w, sock.ReadNow(b, func(data []byte) { require.Equal(w, "x", string(data)) }))
		}},
		{name: "it_waits_for_each_piece", calls: countEAGAIN, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 3 {
				waits := w.Spawn(func(yield coro.Yield) error { return sock.Readable(yield, b) })
				w.send(yield, a, "x")
				w.fails(yield, waits, nil)
				called := false
				require.NoError(w, sock.ReadNow(b, func([]byte) { called = true }))
				require.True(w, called || w.spurious)
				if !called {
					w.reads(yield, b, "x")
				}
			}
			w.noVain(0)
		}},
		{name: "mixed_with_Read", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 3 {
				w.send(yield, a, "x")
				w.reads(yield, b, "x")
				w.send(yield, a, "y")
				var got []byte
				for len(got) == 0 {
					require.NoError(w, sock.Readable(yield, b))
					require.NoError(w, sock.ReadNow(b, func(data []byte) { got = append(got, data...) }))
				}
				require.Equal(w, "y", string(got))
			}
		}},
		{name: "errors", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.ErrorIs(w, sock.Readable(nil, b), task.ErrNoTask)
			canceled := w.Spawn(func(yield coro.Yield) (err error) {
				for err == nil { // the selector may be wrong
					err = sock.Readable(yield, b)
				}
				return err
			})
			w.Waits(yield, canceled)
			require.ErrorIs(w, sock.Readable(yield, b), sock.ErrBusy)
			require.ErrorIs(w, sock.ReadNow(b, never), sock.ErrBusy)
			canceled.Cancel()
			w.fails(yield, canceled, future.ErrCanceled)
			require.NoError(w, b.SetReadDeadline(w.Loop.Time().Add(-time.Second)))
			require.ErrorIs(w, sock.Readable(yield, b), os.ErrDeadlineExceeded)
			require.NoError(w, b.SetReadDeadline(time.Time{}))
			require.NoError(w, a.Abort())
			require.NoError(w, sock.Readable(yield, b))
			err := sock.ReadNow(b, never)
			require.ErrorIs(w, err, unix.ECONNRESET)
			require.ErrorContains(w, err, "read ")
			require.NoError(w, b.Close())
			require.ErrorIs(w, sock.Readable(yield, b), net.ErrClosed)
			require.ErrorIs(w, sock.ReadNow(b, never), net.ErrClosed)
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
			data := make([]byte, 16<<20)
			sent := 0
			for n := 1; n > 0; sent += n {
				n = sock.SendNow(a, data[sent:])
			}
			require.Less(w, sent, len(data))
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
					data, err := sock.Read(yield, b)
					if err != nil {
						return err
					}
					left -= len(data)
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
