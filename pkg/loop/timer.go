package loop

import (
	"container/heap"
	"math"
	"slices"
	"time"

	"stepwise/pkg/probe"
)

// Timer is a callback that will run at a time: asyncio's TimerHandle.
type Timer struct {
	entry
	when   time.Duration // by the loop's clock
	seq    uint64        // the order among timers of one time
	timers *timers       // nil once it is out of the heap

	background bool // nobody waits for it
}

// When is the loop's time at which the timer is due.
func (t *Timer) When() time.Duration { return t.when }

// Cancel keeps the callback from running, even if it is due in the current round, and
// reports whether it did. On a timer that has run or was canceled, it does nothing.
// Only the loop's goroutine may call it.
func (t *Timer) Cancel() bool {
	if t.fn == nil {
		return false
	}
	t.fn = nil
	if t.timers != nil {
		t.timers.canceled++
		t.timers.forget(t)
		t.timers.sweep()
	}
	return true
}

// Background says that nobody waits for t, as for the end of a connection that is kept for
// later. If a loop has nothing to wait for but such timers, it returns ErrDeadlock at once,
// and they stay for its next Run. On a timer that has run or was canceled, it does nothing.
// Only the loop's goroutine may call it. Node's name for it is unref.
func (t *Timer) Background() {
	if t.timers != nil && t.fn != nil && !t.background {
		t.background = true
		t.timers.background++
	}
}

// CallLater runs fn in the first round whose select returns at least d from now; 0 or
// less means the next round. Timers that are due at the same time run in the order of their calls.
// It panics as CallSoon does. Only the loop's goroutine may call it.
func (l *Loop) CallLater(d time.Duration, fn func()) *Timer {
	now := l.clock.Now()
	when := now + max(0, d)
	if when < now { // past the end of time
		when = math.MaxInt64
	}
	return l.callAt("CallLater", when, fn)
}

// CallAt is CallLater at a time of the loop's clock (Now). A periodic callback that
// adds its period to When, not to Now, doesn't drift.
func (l *Loop) CallAt(when time.Duration, fn func()) *Timer { return l.callAt("CallAt", when, fn) }

func (l *Loop) callAt(method string, when time.Duration, fn func()) *Timer {
	t := &Timer{entry: entry{fn: fn, once: true}, when: when}
	if l.accepts(method, fn) {
		t.by = l.tellScheduled(fn)
		l.timers.add(t)
	}
	return t
}

// timers is a heap, the next timer first. A canceled timer stays until it is due or
// until sweep: finding it in the heap would cost more than keeping it.
//
// Invariants: canceled = number of timers in heap without fn; background = number of timers
// in heap with fn that are in the background.
type timers struct {
	heap       timerHeap
	seq        uint64
	canceled   int
	background int
}

func (ts *timers) add(t *Timer) {
	ts.seq++
	t.seq, t.timers = ts.seq, ts
	heap.Push(&ts.heap, t)
}

// drop empties the heap; no timer that was in it counts as canceled later.
func (ts *timers) drop() {
	for _, t := range ts.heap {
		t.timers = nil
	}
	*ts = timers{}
}

// awaited reports whether there is a timer that somebody may wait for.
func (ts *timers) awaited() bool { return len(ts.heap) > ts.canceled+ts.background }

// forget stops counting t, which won't run any more.
func (ts *timers) forget(t *Timer) {
	if t.background {
		ts.background--
	}
}

// next is the time of the first timer that will run.
func (ts *timers) next() (time.Duration, bool) {
	for len(ts.heap) > 0 && ts.heap[0].fn == nil {
		heap.Pop(&ts.heap)
		ts.canceled--
	}
	if len(ts.heap) == 0 {
		return 0, false
	}
	return ts.heap[0].when, true
}

// queueDue queues the timers whose time has come. Without a timer, nobody needs the time.
func (l *Loop) queueDue() {
	if len(l.timers.heap) == 0 {
		return
	}
	now := l.clock.Now()
	for {
		t := l.timers.due(now)
		if t == nil {
			return
		}
		l.queue(handle{entry: &t.entry}, probe.Timer, -1, t.by)
	}
}

// due takes out the first timer whose time has come; nil if there is none.
func (ts *timers) due(now time.Duration) *Timer {
	when, ok := ts.next()
	if !ok || when > now {
		return nil
	}
	t := heap.Pop(&ts.heap).(*Timer)
	t.timers = nil
	ts.forget(t)
	return t
}

// sweep removes the canceled timers when they are the majority: a program that sets a
// timeout for each request, and cancels nearly all of them, must not collect them.
func (ts *timers) sweep() {
	const few = 64
	if ts.canceled < few || ts.canceled*2 < len(ts.heap) {
		return
	}
	ts.heap = slices.DeleteFunc(ts.heap, func(t *Timer) bool { return t.fn == nil })
	heap.Init(&ts.heap)
	ts.canceled = 0
}

// timerHeap implements heap.Interface.
type timerHeap []*Timer

func (h timerHeap) Len() int      { return len(h) }
func (h timerHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h timerHeap) Less(i, j int) bool {
	if h[i].when != h[j].when {
		return h[i].when < h[j].when
	}
	return h[i].seq < h[j].seq
}
func (h *timerHeap) Push(t any) { *h = append(*h, t.(*Timer)) }
func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return t
}
