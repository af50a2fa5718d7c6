package simulation

// What will happen, and when. Read world.go first.

import (
	"container/heap"
	"time"

	"golang.org/x/sys/unix"
)

// chance returns true with probability p.
func (w *World) chance(p float64) bool { return p > 0 && w.random.Float64() < p }

// at makes fn happen at a time; one that has passed means the next moment.
func (w *World) at(when time.Duration, fn func()) {
	w.seq++
	heap.Push(&w.events, event{max(when, w.now), w.seq, fn})
}

// packetTime is how long the next packet travels.
func (w *World) packetTime() time.Duration {
	return 1 + time.Duration(w.random.Int64N(int64(w.weather.Delay)))
}

// runUntil makes what is due by then happen, in order.
func (w *World) runUntil(until time.Duration) {
	for len(w.events) > 0 && w.events[0].when <= until {
		e := heap.Pop(&w.events).(event)
		w.now = max(w.now, e.when)
		e.fn()
	}
	w.now = max(w.now, until)
}

// enter begins a system call, which takes a little time, and may be interrupted, but not twice
// in a row: a call that is always interrupted would never end.
func (w *World) enter() error {
	w.runUntil(w.now + time.Duration(w.random.IntN(1000)))
	w.interrupted = !w.interrupted && w.chance(w.weather.Interrupt)
	if w.interrupted {
		return unix.EINTR
	}
	return nil
}

// event is something that will happen.
type event struct {
	when time.Duration
	seq  uint64
	fn   func()
}

// events implements heap.Interface, the next one first.
type events []event

func (e events) Len() int      { return len(e) }
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e events) Less(i, j int) bool {
	if e[i].when != e[j].when {
		return e[i].when < e[j].when
	}
	return e[i].seq < e[j].seq
}
func (e *events) Push(v any) { *e = append(*e, v.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	v := (*e)[last]
	*e = (*e)[:last]
	return v
}

var _ heap.Interface = (*events)(nil)
