package debug

import (
	"fmt"
	"sync/atomic"
	"time"

	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// A ledger is what debug mode knows about one loop. It notes where each thing is made as
// a Spot, and puts that into words only when it has something to report.
//
// Invariant: unasked[text] counts the tasks spawned there whose results nothing has asked
// for yet; places are the keys of unasked, in order of their first task.
type ledger struct {
	probe.Nothing
	loop probe.Loop
	slow time.Duration
	here func() trace.Spot // trace.Here

	began time.Duration // when the present callback began
	own   atomic.Int64  // how much of the time since then the ledger itself has taken; other goroutines may add to it
	step  *origin       // of the task that it steps; nil if it steps none

	origins map[probe.Identity]*origin // not of futures that have a value: nobody will ask
	unasked map[string]int
	places  []string
	left    []*origin // descriptors that the loop had to close
}

// An origin is what something is called, and where it was made.
type origin struct {
	what    string
	by      trace.Spot
	unasked bool // a task whose result nothing has asked for yet
	closed  bool
}

func (o *origin) String() string { return o.what + " made by " + o.by.Place() }

func (g *ledger) made(x any, what string) *origin {
	o := &origin{what: what, by: g.spot()}
	g.origins[probe.IdentityOf(x)] = o
	return o
}

// spot is where the library was called. What that takes is not the time of the callback
// that runs.
func (g *ledger) spot() trace.Spot {
	start := g.loop.Now()
	defer func() { g.own.Add(int64(g.loop.Now() - start)) }()
	return g.here()
}

// Origin returns "future made by main.main at main.go:12".
func (g *ledger) Origin(x any) string {
	if o := g.origins[probe.IdentityOf(x)]; o != nil {
		return o.String()
	}
	return ""
}

// Scheduled remembers where fn was handed to the loop.
func (g *ledger) Scheduled(fn func()) any { return g.spot() }

func (g *ledger) Began(probe.Callback) {
	g.own.Store(0)
	g.began, g.step = g.loop.Now(), nil
}

// Resumed remembers which task the callback steps.
func (g *ledger) Resumed(t any, _ any, _ error) { g.step = g.origins[probe.IdentityOf(t)] }

func (g *ledger) Returned(c probe.Callback) {
	took := g.loop.Now() - g.began - time.Duration(g.own.Load())
	if took < g.slow {
		return
	}
	slow := &SlowError{Name: probe.FuncName(c.Fn), Took: took}
	if by, ok := c.By.(trace.Spot); ok {
		slow.Created = by.Place()
	}
	if g.step != nil {
		slow.Name, slow.Created = g.step.what, g.step.by.Place()
	}
	g.loop.Report("a callback was slow", slow)
}

func (g *ledger) Made(f any) { g.made(f, "future") }

// Done forgets a future that has a value, unless it is a task's that is still unasked for: a loop
// that runs for a month makes billions of them.
func (g *ledger) Done(f any, _ fmt.Stringer, _ any, err error) {
	if err != nil {
		return
	}
	if id := probe.IdentityOf(f); g.origins[id] != nil && !g.origins[id].unasked {
		delete(g.origins, id)
	}
}

func (g *ledger) Spawned(t, result, body any) {
	o := g.made(t, fmt.Sprint(t))
	o.unasked = true
	g.origins[probe.IdentityOf(result)] = o
	text := o.String()
	if _, there := g.unasked[text]; !there {
		g.places = append(g.places, text)
	}
	g.unasked[text]++
}

// Read and Awaits: something has asked for the result, or will.
func (g *ledger) Read(f any)              { g.lookedAt(f) }
func (g *ledger) Awaits(f any, fn func()) { g.lookedAt(f) }

func (g *ledger) lookedAt(f any) {
	if o := g.origins[probe.IdentityOf(f)]; o != nil && o.unasked {
		o.unasked = false
		g.unasked[o.String()]--
	}
}

func (g *ledger) Opened(x any, name fmt.Stringer) { g.made(x, name.String()) }

func (g *ledger) Abandoned(x any) {
	if o := g.origins[probe.IdentityOf(x)]; o != nil && !o.closed {
		g.left = append(g.left, o)
	}
}

// Closed may come after Abandoned: the task that owns x may clean up while the loop closes.
func (g *ledger) Closed(x any) {
	if o := g.origins[probe.IdentityOf(x)]; o != nil {
		o.closed = true
	}
}

// End reports what was never awaited, and what was never closed.
func (g *ledger) End() {
	for _, place := range g.places {
		switch n := g.unasked[place]; {
		case n == 1:
			g.loop.Report("a task was never awaited", fmt.Errorf("%s: %w", place, ErrNeverAwaited))
		case n > 1:
			g.loop.Report("a task was never awaited", fmt.Errorf("%s, %d times: %w", place, n, ErrNeverAwaited))
		}
	}
	for _, o := range g.left {
		if !o.closed {
			g.loop.Report("a descriptor was never closed", fmt.Errorf("%s: %w", o, ErrNeverClosed))
		}
	}
}

var _ probe.Events = (*ledger)(nil)
