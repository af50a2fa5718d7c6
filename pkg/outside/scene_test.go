package outside

// What the tests of Run, Resolve and Dial stand on; read it first.

import (
	"context"
	"net"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// scene is a loop on a real selector, whose clock, if it is quick, jumps where
// the selector would sleep up to a timer.
type scene struct {
	*testing.T
	loop    *loop.Loop
	quick   *quickly
	reports []string
	closed  func() // called when the loop has just closed, if it isn't nil
}

// play runs body as a task on a loop of its own, and wants every descriptor and
// goroutine back (M02, M03).
func play(t *testing.T, quick bool, body func(s *scene, yield coro.Yield)) {
	_ = faulty.Echo().Close() // has Go's own poller open its descriptors
	files, goroutines := filesOpen(t), runtime.NumGoroutine()
	s := newScene(t, quick)
	defer s.loop.Close()                             // where the body has failed
	hung := time.AfterFunc(time.Minute, s.loop.Stop) // fails the test with ErrStopped
	defer hung.Stop()
	_, err := task.Run(s.loop, func(yield coro.Yield) (any, error) {
		body(s, yield)
		return nil, nil
	})
	require.NoError(t, err)
	require.NoError(t, s.loop.Close())
	if s.closed != nil {
		s.closed()
	}
	goroutinesBack(t, goroutines)
	filesBack(t, files)
}

func newScene(t *testing.T, quick bool) *scene {
	inner, err := selector.New()
	require.NoError(t, err)
	s := &scene{T: t, quick: &quickly{Selector: inner}}
	o := loop.Options{Selector: inner}
	if quick {
		o = loop.Options{Selector: s.quick, Clock: s.quick}
	}
	s.loop, err = loop.New(o)
	require.NoError(t, err)
	s.loop.SetExceptionHandler(func(e loop.Exception) { s.reports = append(s.reports, e.Message+": "+e.Err.Error()) })
	return s
}

func filesOpen(t *testing.T) int {
	names, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(names)
}

// filesBack waits for those that a server or the resolver is about to close.
func filesBack(t *testing.T, want int) {
	for end := time.Now().Add(20 * time.Second); filesOpen(t) > want; runtime.Gosched() {
		require.True(t, time.Now().Before(end), "descriptors: %d, were %d", filesOpen(t), want)
	}
}

// goroutinesBack waits for those that are on their way out.
func goroutinesBack(t *testing.T, want int) {
	for end := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > want; runtime.Gosched() {
		if time.Now().After(end) {
			all := make([]byte, 1<<16)
			require.Fail(t, "goroutines left", "%d, want %d\n%s", runtime.NumGoroutine(), want, all[:runtime.Stack(all, true)])
		}
	}
}

func (s *scene) spawn(body func(yield coro.Yield) (any, error)) *task.Task {
	return task.Spawn(s.loop, body)
}

// turns lets the loop go round a few times.
func (s *scene) turns(yield coro.Yield) {
	for range 10 {
		require.NoError(s, task.Checkpoint(yield))
	}
}

// quickly is a selector and a clock that jumps.
type quickly struct {
	selector.Selector
	now   time.Duration
	slept []time.Duration // with a limit and nothing ready
}

func (q *quickly) Now() time.Duration { return q.now }

func (q *quickly) Select(limit time.Duration) ([]selector.Ready, error) {
	if limit <= 0 {
		return q.Selector.Select(limit)
	}
	ready, err := q.Selector.Select(0)
	if len(ready) == 0 {
		q.now += limit
		q.slept = append(q.slept, limit)
	}
	return ready, err
}

// nameServer answers questions for the names it is given, on a port of its own:
// others don't exist, and "silent.test." gets no answer.
type nameServer struct {
	conn  net.PacketConn
	names map[string][]netip.Addr
	done  chan struct{}
	mu    sync.Mutex
	asked []string
	heard chan struct{} // closed at the first question
}

func newNameServer(t *testing.T, names map[string][]netip.Addr) *nameServer {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &nameServer{conn: conn, names: names, done: make(chan struct{}), heard: make(chan struct{})}
	go n.serve()
	return n
}

// resolver asks n and nobody else.
func (n *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialUntilDone(ctx, "udp", n.conn.LocalAddr().String())
	}}
}

func (n *nameServer) close() {
	_ = n.conn.Close()
	<-n.done
}

func (n *nameServer) serve() {
	defer close(n.done)
	buffer := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:size]) == nil && len(m.Questions) == 1 && n.answer(&m) {
			packed, _ := m.Pack()
			_, _ = n.conn.WriteTo(packed, from)
		}
	}
}

func (n *nameServer) answer(m *dnsmessage.Message) bool {
	q := m.Questions[0]
	n.mu.Lock()
	if n.asked = append(n.asked, q.Name.String()); len(n.asked) == 1 {
		close(n.heard)
	}
	n.mu.Unlock()
	if q.Name.String() == "silent.test." {
		return false
	}
	ips, known := n.names[q.Name.String()]
	m.Header.Response, m.Header.RecursionAvailable, m.Additionals = true, true, nil
	if !known {
		m.Header.RCode = dnsmessage.RCodeNameError
	}
	for _, ip := range ips {
		h := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type}
		switch {
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}})
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	return true
}

func (n *nameServer) questions() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(n.asked)))
}
