package sock_test

// What every table here is run in: a world of its own for each row, in each mode.

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
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
	certificate()
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
	without  sys.Trick
}

var modes = []mode{
	{name: "as_usual"}, {name: "without_tricks", without: ^sys.Trick(0)},
	{name: "N03_one_byte", oneByte: true}, {name: "N04_spurious", spurious: true},
}

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
	before := leaktest.Begin(t)
	w := newWorld(t, r, m)
	w.Play(func(yield coro.Yield) { r.run(w, yield) })
	assert.Equal(t, w.wantReports, len(w.Reports), "reports: %v", w.Reports)
	w.end()
	assert.Empty(t, w.Selector.Registered, "left in the selector")
	before.End()
}

// world is the loop of one row, and what it has seen.
type world struct {
	*looptest.Rig
	mode        mode
	spurious    bool // mode's, or a row's own
	servers     []*faulty.Server
	wantReports int
	count       map[string]int // for a row's own calls
	ended       bool
}

func newWorld(t *testing.T, r row, m mode) *world {
	calls := sys.Kernel
	if m.oneByte {
		calls.Recv = func(fd int, p []byte) (int, error) { return sys.Kernel.Recv(fd, p[:1]) }
		calls.Send = func(fd int, p []byte) (int, error) { return sys.Kernel.Send(fd, p[:1]) }
		calls.SendFile = func(fd, from int, offset int64, _ int) (int, error) {
			return sys.Kernel.SendFile(fd, from, offset, 1)
		}
	}
	w := &world{mode: m, spurious: m.spurious, count: map[string]int{}}
	if r.calls != nil {
		r.calls(w, &calls)
	}
	w.Rig = looptest.Quick(t, func(o *loop.Options) {
		o.Calls, o.Selector, o.Without = &calls, spurious{o.Selector, w}, m.without
	})
	t.Cleanup(w.end)
	return w
}

func (w *world) end() {
	if w.ended {
		return
	}
	w.ended = true
	assert.NoError(w, w.Close())
	for _, s := range w.servers {
		assert.NoError(w, s.Close())
	}
}

// spurious is a Selector that reports all that is registered in each round, if its
// world says so.
type spurious struct {
	selector.Selector
	w *world
}

func (s spurious) Select(limit time.Duration) ([]selector.Ready, error) {
	registered := s.w.Selector.Registered
	if s.w.spurious && len(registered) > 0 && limit < 0 {
		limit = 0
	}
	ready, err := s.Selector.Select(limit)
	if !s.w.spurious || err != nil {
		return ready, err
	}
	runtime.Gosched() // this mode never sleeps, and the servers need a processor too
	ready = ready[:0:0]
	for _, r := range registered {
		ready = append(ready, r)
	}
	return ready, nil
}

// serve closes s with the world.
func (w *world) serve(s *faulty.Server) *faulty.Server {
	w.servers = append(w.servers, s)
	return s
}

func (w *world) connect(yield coro.Yield, address string) *sock.Socket {
	s, err := sock.Connect(yield, address)
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
	l, err := sock.Listen(w.Loop, "127.0.0.1:0")
	require.NoError(w, err)
	return l
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
	f := future.New(w.Loop)
	w.Loop.CallLater(d, func() { _ = f.SetResult(nil) })
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
