package trace

import (
	"slices"
	"sync"
	"time"

	"stepwise/pkg/probe"
)

// Limit is how many events a Recorder keeps by default.
const Limit = 50_000

// Recorder is a probe that keeps the latest events of the loops it watches. Its
// methods may be called from any goroutine; those of a nil *Recorder return nothing.
//
// Invariants: events holds the last min(seq, limit) events, the oldest at next once
// the ring is full; a task is in names only while a function that it entered hasn't
// been left; a lane is in open until its loop has closed.
type Recorder struct {
	mu     sync.Mutex // guards everything below, and the lanes
	limit  int
	events []Event // a ring once it is full
	next   int     // where the next event goes, once the ring is full
	seq    uint64
	last   time.Duration // At of the latest event

	loops                     int    // so far; the next one gets the next number
	callbacks, futures, tasks uint64 // likewise
	open                      []*lane
	numbered                  map[probe.Identity]numbers
	names                     map[uint64][]*entered // by task: the functions entered and not left
}

// NewRecorder makes a Recorder that keeps the last limit events, or Limit if limit is
// 0 or less. Memory is allocated as events arrive.
func NewRecorder(limit int) *Recorder {
	if limit <= 0 {
		limit = Limit
	}
	return &Recorder{limit: limit, numbered: map[probe.Identity]numbers{}, names: map[uint64][]*entered{}}
}

// Events returns a copy of the events that are kept, the oldest first.
func (r *Recorder) Events() []Event {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(slices.Clone(r.events[r.next:]), r.events[:r.next]...)
}

// Lost returns how many events were dropped to make room for newer ones.
func (r *Recorder) Lost() uint64 {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seq - uint64(len(r.events))
}

// present returns the time of the recording: that of the latest event, or now if a
// loop is open, whose clock goes on while nothing happens. The mutex is held.
func (r *Recorder) present() time.Duration {
	now := r.last
	for _, l := range r.open {
		now = max(now, l.now())
	}
	return now
}

// put records e as of at, or as of the latest event if that is later. The mutex is
// held.
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
	case Ready, Watched, Unwatched, Queued, Began, Named, System:
		return true
	}
	return false
}
