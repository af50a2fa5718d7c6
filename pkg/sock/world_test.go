package sock_test

// What every table here is run in: a world of its own for each row, in each mode.

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// TestMain has Go's own poller open its descriptors before anybody counts.
func TestMain(m *testing.M) {
	_ = faulty.Echo().Close()
	faulty.HasIPv6()
	os.Exit(m.Run())
}

// row is a case: its id and situation, what the kernel is changed to, and what
// happens then. run is a task's body.
type row struct {
	name  string
	calls func(w *world, c *sys.Calls) // c is changed; nil leaves it
	run   func(w *world, yield coro.Yield)
	bulk  bool // too much data for a byte at a time
}

// mode is how the world is in general.
type mode struct {
	name     string
	oneByte  bool // N03: recv and send do a byte at a time
	spurious bool // N04: each registered descriptor is ready in each round
}

var modes = []mode{{name: "as_usual"}, {name: "N03_one_byte", oneByte: true}, {name: "N04_spurious", spurious: true}}

func runRows(t *testing.T, rows []row) {
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			for _, m := range modes {
				if m.oneByte && r.bulk {
					continue
				}
				t.Run(m.name, func(t *testing.T) { runRow(t, r, m) })
			}
		})
	}
}

// runRow runs r, and wants every descriptor and goroutine back (M02, M03).
func runRow(t *testing.T, r row, m mode) {
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	w := newWorld(t, r, m)
	_, err := task.Run(w.loop, func(yield coro.Yield) (any, error) {
		r.run(w, yield)
		return nil, nil
	})
	require.NoError(t, err)
	assert.Equal(t, w.wantReports, len(w.reports), "reports: %v", w.reports)
	w.end()
	assert.Empty(t, w.selector.registered, "left in the selector")
	assert.Equal(t, files, openFiles(t), "open files")
	goroutinesAre(t, goroutines)
}

// world is the loop of one row, and what it has seen.
type world struct {
	*testing.T
	mode        mode
	loop        *loop.Loop
	selector    *quick
	servers     []*faulty.Server
	reports     []loop.Exception
	wantReports int
	count       map[string]int // for a row's own calls
	ended       bool
}

func newWorld(t *testing.T, r row, m mode) *world {
	inner, err := selector.New()
	require.NoError(t, err)
	calls := sys.Kernel
	if m.oneByte {
		calls.Recv = func(fd int, p []byte) (int, error) { return sys.Kernel.Recv(fd, p[:1]) }
		calls.Send = func(fd int, p []byte) (int, error) { return sys.Kernel.Send(fd, p[:1]) }
		calls.SendFile = func(fd, from int, offset int64, _ int) (int, error) {
			return sys.Kernel.SendFile(fd, from, offset, 1)
		}
	}
	w := &world{T: t, mode: m, count: map[string]int{}}
	w.selector = &quick{Selector: inner, spurious: m.spurious, registered: map[int]selector.Ready{}}
	if r.calls != nil {
		r.calls(w, &calls)
	}
	w.loop, err = loop.New(loop.Options{Selector: w.selector, Clock: w.selector, Calls: &calls})
	require.NoError(t, err)
	w.loop.SetExceptionHandler(func(e loop.Exception) { w.reports = append(w.reports, e) })
	hung := time.AfterFunc(20*time.Second, w.loop.Stop) // fails the row with ErrStopped
	t.Cleanup(func() { hung.Stop(); w.end() })
	return w
}

func (w *world) end() {
	if w.ended {
		return
	}
	w.ended = true
	assert.NoError(w, w.loop.Close())
	for _, s := range w.servers {
		assert.NoError(w, s.Close())
	}
}

// serve closes s with the world.
func (w *world) serve(s *faulty.Server) *faulty.Server {
	w.servers = append(w.servers, s)
	return s
}

func (w *world) connect(yield coro.Yield, address string) *sock.Socket {
	s, err := sock.Connect(yield, w.loop, address)
	require.NoError(w, err)
	return s
}

// pair is a connection with both ends on the loop.
func (w *world) pair(yield coro.Yield) (a, b *sock.Socket) {
	l := w.listen()
	a = w.connect(yield, l.LocalAddr().String())
	b, err := sock.Accept(yield, l)
	require.NoError(w, err)
	require.NoError(w, l.Close())
	return a, b
}

func (w *world) listen() *sock.Socket {
	l, err := sock.Listen(w.loop, "127.0.0.1:0")
	require.NoError(w, err)
	return l
}

func (w *world) spawn(body func(yield coro.Yield) error) *task.Task {
	return task.Spawn(w.loop, func(yield coro.Yield) (any, error) { return nil, body(yield) })
}

// waits wants t still to be at it when the loop has gone round a few times.
func (w *world) waits(yield coro.Yield, t *task.Task) {
	for range 10 {
		require.NoError(w, task.Checkpoint(yield))
	}
	if t.Done() {
		_, err := t.Result()
		require.Fail(w, "it should wait", "it ended with %v", err)
	}
}

// fails wants t to end with want; nil is success.
func (w *world) fails(yield coro.Yield, t *task.Task, want error) {
	_, err := task.Await(yield, t)
	if want == nil {
		require.NoError(w, err)
		return
	}
	require.ErrorIs(w, err, want)
}

// rest pauses for d of the world's time.
func (w *world) rest(yield coro.Yield, d time.Duration) error {
	f := future.New(w.loop)
	w.loop.CallLater(d, func() { _ = f.SetResult(nil) })
	_, err := task.Await(yield, f)
	return err
}

func (w *world) send(yield coro.Yield, s *sock.Socket, text string) {
	require.NoError(w, sock.Send(yield, s, []byte(text)))
}

// reads wants text to come next, in however many pieces.
func (w *world) reads(yield coro.Yield, s *sock.Socket, text string) {
	got := make([]byte, len(text))
	for n := 0; n < len(got); {
		more, err := sock.ReadInto(yield, s, got[n:])
		require.NoError(w, err)
		n += more
	}
	require.Equal(w, text, string(got))
}

// echoes proves that s is a connection to an Echo, and that the loop lives.
func (w *world) echoes(yield coro.Yield, s *sock.Socket) {
	w.send(yield, s, "hello")
	w.reads(yield, s, "hello")
}

func openFiles(t testing.TB) string {
	entries, err := os.ReadDir("/proc/self/fd")
	if os.IsNotExist(err) {
		return "unknown"
	}
	require.NoError(t, err)
	return fmt.Sprint(len(entries))
}

// goroutinesAre waits for goroutines that are on their way out.
func goroutinesAre(t testing.TB, want int) {
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > want; runtime.Gosched() {
		if time.Now().After(deadline) {
			all := make([]byte, 1<<16)
			require.Fail(t, "goroutines left", "%d, want %d\n%s", runtime.NumGoroutine(), want, all[:runtime.Stack(all, true)])
		}
	}
}
