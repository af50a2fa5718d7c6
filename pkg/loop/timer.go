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
	seq    uint64        // order among equals
	timers *timers       // nil once out of the heap
}

// When is the loop's time at which the timer is due.
func (t *Timer) When() time.Duration { return t.when }

// Cancel keeps the callback from running, also if it is due in the round that
// runs now, and reports whether it did. On a timer that has run or was
// cancelled it does nothing. Only the loop's goroutine may call it.
func (t *Timer) Cancel() bool {
	if t.fn == nil {
		return false
	}
	t.fn = nil
	if t.timers != nil {
		t.timers.cancelled++
		t.timers.sweep()
	}
	return true
}

// CallLater runs fn in the first round that begins at least d from now; 0 and
// less is the next round. Timers of one time run in the order of their calls.
// It panics as CallSoon does. Only the loop's goroutine may call it.
func (l *Loop) CallLater(d time.Duration, fn func()) *Timer {
	now := l.clock.Now()
	when := now + max(0, d)
	if when < now { // past the end of time
		when = math.MaxInt64
	}
	return l.callAt("CallLater", when, fn)
}

// CallAt is CallLater with the loop's own time (Now). A periodic callback that
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

// timers is a heap, the next one first. A cancelled timer stays until it is
// due or until sweep: to find it in the heap would cost more than to keep it.
//
// Invariant: cancelled = number of timers in heap without fn.
type timers struct {
	heap      timerHeap
	seq       uint64
	cancelled int
}

func (ts *timers) add(t *Timer) {
	ts.seq++
	t.seq, t.timers = ts.seq, ts
	heap.Push(&ts.heap, t)
}

// drop empties the heap, and no timer that was in it counts as cancelled later.
func (ts *timers) drop() {
	for _, t := range ts.heap {
		t.timers = nil
	}
	*ts = timers{}
}

// next is the time of the first timer that will run.
func (ts *timers) next() (time.Duration, bool) {
	for len(ts.heap) > 0 && ts.heap[0].fn == nil {
		heap.Pop(&ts.heap)
		ts.cancelled--
	}
	if len(ts.heap) == 0 {
		return 0, false
	}
	return ts.heap[0].when, true
}

// queueDue gives the timers whose time has come their turns.
func (l *Loop) queueDue() {
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
	return t
}

// sweep throws the cancelled out when they are the most: a program that sets a
// timeout for each request, and cancels nearly all, must not collect them.
func (ts *timers) sweep() {
	const few = 64
	if ts.cancelled < few || ts.cancelled*2 < len(ts.heap) {
		return
	}
	ts.heap = slices.DeleteFunc(ts.heap, func(t *Timer) bool { return t.fn == nil })
	heap.Init(&ts.heap)
	ts.cancelled = 0
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
