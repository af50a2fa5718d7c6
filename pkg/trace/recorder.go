package trace

import (
	"slices"
	"sync"
	"time"

	"stepwise/pkg/probe"
)

// Limit is how many events a Recorder keeps where nobody says otherwise.
const Limit = 50_000

// Recorder is a probe that keeps the last events of what it is told. All its
// methods may be called from any goroutine; on a nil *Recorder, Events and Lost
// say that there is nothing.
//
// Invariants: events = the last min(seq, limit) events, the oldest at next
// once the ring is full; a task is in names only while a function that it
// entered hasn't been left.
type Recorder struct {
	mu     sync.Mutex // guards all below, and the lanes
	limit  int
	events []Event // a ring once it is full
	next   int     // where the next event goes, once it is full
	seq    uint64
	last   time.Duration // At of the latest

	loops                     int
	callbacks, futures, tasks uint64 // how many there were; they number the next
	known                     map[probe.Identity]numbers
	names                     map[uint64][]*entered // by task: functions that were entered and not left
}

// NewRecorder makes a Recorder of the last limit events; Limit if limit is 0
// or less. It takes memory as events come.
func NewRecorder(limit int) *Recorder {
	if limit <= 0 {
		limit = Limit
	}
	return &Recorder{limit: limit, known: map[probe.Identity]numbers{}, names: map[uint64][]*entered{}}
}

// Events returns what is kept, the oldest first, in a slice of the caller's.
func (r *Recorder) Events() []Event {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(slices.Clone(r.events[r.next:]), r.events[:r.next]...)
}

// Lost is how many events had to make room for newer ones.
func (r *Recorder) Lost() uint64 {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seq - uint64(len(r.events))
}

// put records e, which happened at the time at or later. The mutex is held.
func (r *Recorder) put(e Event, at time.Duration) {
	r.last = max(r.last, at)
	r.seq++
	e.Seq, e.At = r.seq, r.last
	if !aboutFD(e.Kind) {
		e.FD = -1
	}
	if len(r.events) < r.limit {
		r.events = append(r.events, e)
		return
	}
	r.events[r.next] = e
	r.next = (r.next + 1) % r.limit
}

func aboutFD(k Kind) bool {
	switch k {
	case Ready, Watched, Unwatched, Queued, Began, Returned, Skipped, Named, System:
		return true
	}
	return false
}

func top(s []uint64) uint64 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1]
}

func pop(s []uint64) []uint64 { return s[:max(0, len(s)-1)] }
