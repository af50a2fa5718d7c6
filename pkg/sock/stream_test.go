package sock_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// TestStream runs what others wrote for a net.Conn.
func TestStream(t *testing.T) {
	runRows(t, []row{
		{name: "bufio", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			lines := w.Spawn(func(yield coro.Yield) error {
				r := bufio.NewReader(sock.Stream(b))
				for _, want := range []string{"one\n", "two\n"} {
					line, err := r.ReadString('\n')
					assert.NoError(w, err)
					assert.Equal(w, want, line)
				}
				_, err := r.ReadString('\n')
				return err
			})
			out := bufio.NewWriter(sock.Stream(a))
			_, err := out.WriteString("one\ntwo\nrest")
			require.NoError(w, err)
			require.NoError(w, out.Flush())
			require.NoError(w, sock.Stream(a).Close())
			w.fails(yield, lines, io.EOF)
		}},
		{name: "net_http_messages", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			server := w.Spawn(func(yield coro.Yield) error {
				conn := sock.Stream(b)
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return err
				}
				answer := http.Response{StatusCode: 200, ProtoMajor: 1, ProtoMinor: 1, Request: request, TransferEncoding: []string{"chunked"},
					Body: io.NopCloser(strings.NewReader("you asked for " + request.URL.Path))}
				return answer.Write(conn)
			})
			conn := sock.Stream(a)
			request, err := http.NewRequest("GET", "http://host/page", nil)
			require.NoError(w, err)
			require.NoError(w, request.Write(conn))
			answer, err := http.ReadResponse(bufio.NewReader(conn), request)
			require.NoError(w, err)
			body, err := io.ReadAll(answer.Body)
			require.NoError(w, err)
			assert.Equal(w, "you asked for /page", string(body))
			w.fails(yield, server, nil)
		}},
		{name: "Q04_a_reset_is_an_error_with_a_count", run: func(w *world, yield coro.Yield) {
			conn := sock.Stream(w.connect(yield, w.serve(faulty.ResetMidway("")).Addr()))
			var err error
			for err == nil {
				var n int
				n, err = conn.Write([]byte("x"))
				require.Equal(w, err == nil, n == 1)
			}
		}},
	})
}

// TestStreamOfAnyTask: whoever runs may use it, one to read and one to write.
func TestStreamOfAnyTask(t *testing.T) {
	runRows(t, []row{
		{name: "both_ways_at_once", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.bothWays(yield, sock.Stream(a), sock.Stream(b), 16<<20)
		}},
		{name: "another_task_after_each_wait", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.narrow(a, b)
			conn, data := sock.Stream(a), faulty.Pattern(8<<20)
			gets := w.Spawn(func(coro.Yield) error { return w.gets(sock.Stream(b), data) })
			for rest := data; len(rest) > 0; rest = rest[1<<20:] {
				puts := w.Spawn(func(coro.Yield) error { _, err := conn.Write(rest[:1<<20]); return err })
				w.fails(yield, puts, nil)
			}
			w.fails(yield, gets, nil)
		}},
		{name: "misuse", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.narrow(a, b)
			w.refuses(yield, sock.Stream(a), sock.Stream(b))
		}},
		{name: "a_canceled_read_says_that_the_connection_lives", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.survivesReaders(yield, sock.Stream(a), func() { w.send(yield, b, "welcome") })
		}},
		{name: "a_canceled_read_of_a_closed_socket", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			conn := sock.Stream(a)
			require.NoError(w, conn.Close())
			_, err := conn.Read(make([]byte, 1))
			require.ErrorIs(w, err, net.ErrClosed)
			var e temporary
			require.False(w, errors.As(err, &e) && e.Temporary())
		}},
	})
}

// bothWays sends n bytes from a to b and from b to a, by four tasks at once.
func (w *world) bothWays(yield coro.Yield, a, b net.Conn, n int) {
	data := faulty.Pattern(n)
	var all []*task.Task
	for from, to := range map[net.Conn]net.Conn{a: b, b: a} {
		all = append(all,
			w.Spawn(func(coro.Yield) error { _, err := from.Write(data); return err }),
			w.Spawn(func(coro.Yield) error { return w.gets(to, data) }))
	}
	for _, t := range all {
		w.fails(yield, t, nil)
	}
}

// gets wants data to come from c.
func (w *world) gets(c net.Conn, data []byte) error {
	got := make([]byte, len(data))
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	assert.True(w, bytes.Equal(data, got))
	return nil
}

// refuses wants conn, whose peer has nothing to say and doesn't read, to take one reader
// and one writer of its loop, and to refuse everybody else at once and by name.
func (w *world) refuses(yield coro.Yield, conn, peer net.Conn) {
	reads := w.Spawn(func(coro.Yield) error { _, err := conn.Read(make([]byte, 10)); return err })
	writes := w.Spawn(func(coro.Yield) error { _, err := conn.Write(faulty.Pattern(1 << 20)); return err })
	w.Waits(yield, reads)
	w.Waits(yield, writes)
	calls := map[string]func() error{
		"read": func() error { _, err := conn.Read(make([]byte, 10)); return err },
		"send": func() error { _, err := conn.Write([]byte("x")); return err },
	}
	if half, ok := conn.(interface{ CloseWrite() error }); ok && reflect.TypeOf(conn) != reflect.TypeOf(sock.Stream(nil)) {
		calls["close write"] = half.CloseWrite
	}
	for op, call := range calls {
		rounds := w.Loop.Rounds()
		err := call()
		require.ErrorIs(w, err, sock.ErrBusy, op)
		require.True(w, isOpError(err, op), "%v", err)
		require.ErrorContains(w, err, "already: task sock_test.", "who does it")
		require.Equal(w, rounds, w.Loop.Rounds(), "at once")

		err = nil
		w.Loop.CallSoon(func() { err = call() })
		require.NoError(w, task.Checkpoint(yield))
		require.ErrorIs(w, err, task.ErrNoTask, "in a callback")
		require.True(w, isOpError(err, op), "%v", err)

		elsewhere := make(chan error)
		go func() { elsewhere <- call() }()
		require.ErrorIs(w, <-elsewhere, task.ErrNoTask, "in another goroutine, while a task runs")
	}
	w.Waits(yield, reads)
	w.Waits(yield, writes)
	drains := w.Spawn(func(coro.Yield) error { return w.gets(peer, faulty.Pattern(1<<20)) })
	w.fails(yield, drains, nil)
	w.fails(yield, writes, nil)
	_, err := peer.Write([]byte("bye"))
	require.NoError(w, err)
	w.fails(yield, reads, nil)
	_, err = conn.Write([]byte("x"))
	require.NoError(w, err, "their turns are over")
}

// survivesReaders wants conn to live on after readers that were canceled, or too late: the
// next gets what welcome sends, which is "welcome".
func (w *world) survivesReaders(yield coro.Yield, conn net.Conn, welcome func()) {
	readOne := func(coro.Yield) (any, error) { return conn.Read(make([]byte, 1)) }
	var timeout *task.TimeoutError
	_, err := task.Timeout(yield, time.Hour, readOne)
	require.ErrorAs(w, err, &timeout)
	require.NotErrorIs(w, err, future.ErrCanceled)

	canceled := task.Spawn(w.Loop, readOne)
	w.Waits(yield, canceled)
	canceled.CancelCause(io.ErrNoProgress)
	w.fails(yield, canceled, future.ErrCanceled)
	_, err = canceled.Result()
	require.ErrorIs(w, err, io.ErrNoProgress, "the reason")

	require.NoError(w, conn.SetReadDeadline(longAgo))
	_, err = readOne(yield)
	requireTimeout(w, err)
	require.NoError(w, conn.SetReadDeadline(time.Time{}))

	waits := w.Spawn(func(coro.Yield) error { return w.gets(conn, []byte("welcome")) })
	w.Waits(yield, waits)
	welcome()
	w.fails(yield, waits, nil)
}

// TestStreamSaysOfACancellationThatItPasses: to code that knows only a net.Conn.
func TestStreamSaysOfACancellationThatItPasses(t *testing.T) {
	runRow(t, row{run: func(w *world, yield coro.Yield) {
		a, _ := w.pair(yield)
		var err error
		reads := w.Spawn(func(coro.Yield) error { _, err = sock.Stream(a).Read(make([]byte, 1)); return nil })
		w.Waits(yield, reads)
		reads.Cancel()
		w.fails(yield, reads, nil)
		require.ErrorIs(w, err, future.ErrCanceled)
		require.NoError(w, future.WithoutCancel(err), "it is nothing but a cancellation")
		e, ok := err.(temporary)
		require.True(w, ok && e.Timeout() && e.Temporary())
		require.EqualError(w, err, "read "+a.RemoteAddr().String()+": canceled")
	}}, modes[0])
}

// TestStreamAndTheOthers counts how much a task may do before the others have their turn.
func TestStreamAndTheOthers(t *testing.T) {
	const lines = 200_000
	tests := map[string]struct {
		spend func(b *wait.Budget, yield coro.Yield) error
		most  int // lines between two turns of the others
	}{
		"a buffer's worth, 32 times": {func(*wait.Budget, coro.Yield) error { return nil }, 33 * 4096 / 2},
		"a budget for the lines":     {(*wait.Budget).Spend, 33},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			runRow(t, row{run: func(w *world, yield coro.Yield) {
				a, b := w.pair(yield)
				sends := w.sends(a, bytes.Repeat([]byte("x\n"), lines))
				since, longest, over := 0, 0, false
				other := w.Spawn(func(yield coro.Yield) error {
					for !over {
						longest, since = max(longest, since), 0
						if err := task.Checkpoint(yield); err != nil {
							return err
						}
					}
					return nil
				})
				in, budget := bufio.NewReader(sock.Stream(b)), wait.Budget{}
				for range lines {
					line, err := in.ReadSlice('\n')
					require.NoError(w, err)
					require.Len(w, line, 2)
					since++
					require.NoError(w, test.spend(&budget, yield))
				}
				over = true
				w.fails(yield, sends, nil)
				w.fails(yield, other, nil)
				require.Positive(w, longest)
				require.LessOrEqual(w, longest, test.most)
			}}, modes[0])
		})
	}
}

// temporary is an error that crypto/tls doesn't keep.
type temporary interface {
	net.Error
	Temporary() bool
}
