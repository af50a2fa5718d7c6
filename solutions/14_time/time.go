// Package time is a solution of lesson 14: how long may select sleep?
package time

import (
	"container/heap"
	"math"
	"os"
	"time"

	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// Loop runs callbacks when their time has come.
type Loop struct {
	selector selector.Selector
	clock    loop.Clock
	ready    []func() // run in order; a round takes what is here when it begins to run
	timers   timers
	calls    int // of CallLater, to number the timers
}

// timer is what one CallLater began.
type timer struct {
	when   time.Duration
	number int
	fn     func() // nil once it has begun to run, or is canceled
}

// New makes a loop on s.
func New(s selector.Selector, clock loop.Clock) lesson.TimedLoop {
	return &Loop{selector: s, clock: clock}
}

// CallSoon puts fn behind all that is ready.
func (l *Loop) CallSoon(fn func()) { l.ready = append(l.ready, fn) }

// CallLater has fn run in the first round in which d has passed.
func (l *Loop) CallLater(d time.Duration, fn func()) (cancel func() bool) {
	now := l.clock.Now()
	when := now + max(0, d)
	if when < now { // an overflow
		when = math.MaxInt64
	}
	l.calls++
	t := &timer{when, l.calls, fn}
	heap.Push(&l.timers, t)
	return func() bool {
		was := t.fn != nil
		t.fn = nil
		return was
	}
}

// Round selects once, and runs what is ready.
func (l *Loop) Round() error {
	if _, err := l.selector.Select(l.timeout()); err != nil {
		return err
	}
	l.queueDue()
	batch := l.ready
	l.ready = nil
	for _, fn := range batch {
		fn()
	}
	return nil
}

// timeout is how long select may sleep. Canceled timers leave the heap when they are the
// first.
func (l *Loop) timeout() time.Duration {
	for len(l.timers) > 0 && l.timers[0].fn == nil {
		heap.Pop(&l.timers)
	}
	switch {
	case len(l.ready) > 0:
		return 0
	case len(l.timers) == 0:
		return -1
	}
	return max(0, l.timers[0].when-l.clock.Now())
}

// queueDue puts the callbacks of the timers that are due into the queue.
func (l *Loop) queueDue() {
	for now := l.clock.Now(); len(l.timers) > 0 && l.timers[0].when <= now; {
		t := heap.Pop(&l.timers).(*timer)
		l.CallSoon(t.run)
	}
}

// run runs t, unless it was canceled, even in this very round.
func (t *timer) run() {
	if fn := t.fn; fn != nil {
		t.fn = nil
		fn()
	}
}

// WaitFor returns a Future that ends as f does, or with os.ErrDeadlineExceeded.
func (l *Loop) WaitFor(f *future.Future, d time.Duration) *future.Future {
	out := future.New(l)
	remove := f.AddDoneCallback(func() {
		if v, err := f.Result(); err != nil {
			_ = out.SetError(err)
		} else {
			_ = out.SetResult(v)
		}
	})
	over := func() {
		if !f.Done() {
			_ = out.SetError(os.ErrDeadlineExceeded)
		}
	}
	cancel := l.CallLater(d, func() { l.CallSoon(over) }) // f has the rest of the round
	out.AddDoneCallback(func() {
		remove()
		cancel()
	})
	return out
}

// timers is a heap: the first one is the next to run.
type timers []*timer

func (h timers) Len() int      { return len(h) }
func (h timers) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h timers) Less(i, j int) bool {
	if h[i].when != h[j].when {
		return h[i].when < h[j].when
	}
	return h[i].number < h[j].number
}
func (h *timers) Push(t any) { *h = append(*h, t.(*timer)) }
func (h *timers) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	*h = (*h)[:last]
	return t
}
