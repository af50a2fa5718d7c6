package lesson

// The loop that time_wrong.go makes wrong.

import (
	"container/heap"
	"math"
	"slices"
	"time"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

type wrongTimed struct {
	timeFaults
	selector selector.Selector
	clock    loop.Clock
	began    time.Time
	ready    []func()
	timers   wrongHeap
	calls    int
	limit    func() bool // cancels the last one's timer
}

type wrongTimer struct {
	when          time.Duration
	number, place int
	fn            func()
	canceled, ran bool
	running       bool
}

// wrongHeap is in order, unless its sequence numbers are equal.
type wrongHeap []*wrongTimer

func (h wrongHeap) Len() int { return len(h) }

func (h wrongHeap) Less(i, j int) bool {
	return h[i].when < h[j].when || h[i].when == h[j].when && h[i].number < h[j].number
}

func (h wrongHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

func (h *wrongHeap) Push(t any) {
	t.(*wrongTimer).place = len(*h)
	*h = append(*h, t.(*wrongTimer))
}

func (h *wrongHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	*h = (*h)[:last]
	return t
}

func (l *wrongTimed) now() time.Duration {
	if l.wallClock {
		return time.Since(l.began)
	}
	return l.clock.Now()
}

func (l *wrongTimed) CallSoon(fn func()) { l.ready = append(l.ready, fn) }

func (l *wrongTimed) CallLater(d time.Duration, fn func()) (cancel func() bool) {
	t := &wrongTimer{fn: fn, when: l.due(d)}
	switch {
	case d <= 0 && l.inline:
		fn()
		return func() bool { return false }
	case d <= 0 && l.soon:
		l.CallSoon(func() { l.run(t) })
		return func() bool { return l.cancel(t) }
	case l.oneEach:
		l.timers = slices.DeleteFunc(l.timers, func(other *wrongTimer) bool { return other.when == t.when })
	}
	l.calls++
	switch {
	case l.newestFirst:
		t.number = -l.calls
	case l.numbersByCount:
		t.number = len(l.timers)
	case !l.noSequence:
		t.number = l.calls
	}
	if l.unsorted {
		l.timers = append(l.timers, t)
	} else {
		heap.Push(&l.timers, t)
	}
	return func() bool { return l.cancel(t) }
}

// due is the time d from now.
func (l *wrongTimed) due(d time.Duration) time.Duration {
	if !l.negative && !l.negativeIsHuge {
		d = max(0, d)
	}
	if l.yearAtMost {
		d = min(d, 365*24*time.Hour)
	}
	now := l.now()
	if l.absolute {
		now = 0
	}
	when := now + d
	if (d > 0 && !l.overflows || d < 0 && l.negativeIsHuge) && when < now {
		return math.MaxInt64
	}
	return when
}

func (l *wrongTimed) cancel(t *wrongTimer) bool {
	switch {
	case l.cancelsRunning && t.running && !t.canceled:
		t.canceled = true
		return true
	case l.cancelsNothing:
		return !t.ran
	case t.canceled || t.ran:
		return l.alwaysTrue
	case l.cancelsEarly && t.place < 0:
		return false
	}
	t.canceled = true
	if l.cancelsAll {
		for _, other := range l.timers {
			other.canceled = other.canceled || other.when == t.when
		}
	}
	if l.breaksHeap && t.place >= 0 {
		last := len(l.timers) - 1
		l.timers.Swap(t.place, last)
		l.timers = l.timers[:last]
		t.place = -1
	}
	return true
}

func (l *wrongTimed) run(t *wrongTimer) {
	if !t.canceled && !t.ran {
		t.ran, t.running = true, true
		t.fn()
		t.running = false
	}
}

func (l *wrongTimed) Round() error {
	for range mostLooks {
		if l.dueFirst {
			l.queueDue()
		}
		if _, err := l.selector.Select(l.timeout()); err != nil && !l.deaf {
			return err
		}
		if !l.asks || len(l.ready) > 0 || len(l.timers) == 0 || l.timers[0].when <= l.now() {
			break
		}
	}
	before := l.ready
	if l.timersFirst {
		l.ready = nil
	}
	if !l.dueFirst {
		l.queueDue()
	}
	if l.timersFirst {
		l.ready = append(l.ready, before...)
	}
	for again := true; again; again = l.greedy && len(l.ready) > 0 {
		batch := l.ready
		l.ready = nil
		if l.oneList {
			l.ready = batch[:0]
		}
		for _, fn := range batch {
			fn()
		}
		if l.greedy {
			l.queueDue()
		}
	}
	return nil
}

func (l *wrongTimed) timeout() time.Duration {
	for !l.wakes && !l.unsorted && len(l.timers) > 0 && l.timers[0].canceled {
		heap.Pop(&l.timers)
		if l.skipsOne {
			break
		}
	}
	switch {
	case len(l.ready) > 0 && !l.sleeps, l.spins && len(l.timers) > 0:
		return 0
	case len(l.timers) == 0 || l.noLimit:
		return -1
	}
	next := l.timers[0].when
	if l.untilLast {
		next = slices.MaxFunc(l.timers, func(a, b *wrongTimer) int { return int(a.when - b.when) }).when
	}
	left := next - l.now()
	switch {
	case l.asks:
		return 0
	case l.polls:
		return min(max(0, left), 10*ms)
	case l.roundsDown:
		return max(0, left).Truncate(ms)
	case l.negativeSleep:
		return left
	}
	return max(0, left)
}

func (l *wrongTimed) queueDue() {
	now := l.now()
	for n := 0; len(l.timers) > 0; n++ {
		t := l.timers[0]
		if (t.when > now || t.when == now && l.strict) && !(l.trusts && n == 0 && len(l.ready) == 0) || l.oneARound && n > 0 {
			return
		}
		if l.unsorted {
			l.timers = l.timers[1:]
		} else {
			heap.Pop(&l.timers)
		}
		t.place = -1
		if l.dropsLate && t.when < now {
			continue
		}
		if l.runsDue {
			l.run(t)
			continue
		}
		l.CallSoon(func() { l.run(t) })
	}
}
