package trace

import (
	"slices"
	"sync"
	"time"
)

// Limit is how many events a Recorder keeps where nobody says otherwise.
const Limit = 50_000

// Recorder keeps the last events of what it is told. All its methods may be
// called from any goroutine, and on a nil *Recorder, where they do nothing.
// What it says about whose step and which callback runs is true as long as one
// loop at a time runs with it.
//
// Invariants: events = the last min(seq, limit) events, the oldest at next
// once the ring is full; a task is in names only while a function that it
// entered hasn't been left.
type Recorder struct {
	mu     sync.Mutex // guards all below
	limit  int
	events []Event // a ring once it is full
	next   int     // where the next event goes, once it is full
	seq    uint64
	last   time.Duration // At of the latest
	clock  func() time.Duration
	offset time.Duration // added to the clock, so that a second loop goes on where the first ended

	callbacks, futures, tasks uint64 // how many there were; they number the next
	running                   []uint64
	steps                     []uint64
	names                     map[uint64][]*entered // by task: functions that were entered and not left
}

// NewRecorder makes a Recorder of the last limit events; Limit if limit is 0
// or less. It takes memory as events come.
func NewRecorder(limit int) *Recorder {
	if limit <= 0 {
		limit = Limit
	}
	return &Recorder{limit: limit, names: map[uint64][]*entered{}}
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

// Note records words of your own.
func (r *Recorder) Note(text string) {
	if r != nil {
		r.addHere(Event{Kind: Note, Text: clip(text)})
	}
}

// System records a system call on fd that returned n, or an error by its name:
// "EAGAIN", "" for none.
func (r *Recorder) System(name string, fd, n int, errno string) {
	if r != nil {
		r.addHere(Event{Kind: System, Name: name, FD: fd, N: n, Err: errno})
	}
}

func (r *Recorder) add(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.addLocked(e)
}

// addHere is add, with the stack of the coroutine that calls, if one does.
func (r *Recorder) addHere(e Event) {
	compiled := stack()
	r.mu.Lock()
	defer r.mu.Unlock()
	if task := top(r.steps); task != 0 {
		e.Stack = withEntered(compiled, r.names[task])
	}
	r.addLocked(e)
}

// addLocked fills in what is common to all events.
func (r *Recorder) addLocked(e Event) {
	if r.clock != nil {
		r.last = max(r.last, r.clock()+r.offset)
	}
	r.seq++
	e.Seq, e.At = r.seq, r.last
	e.Task, e.Callback = top(r.steps), top(r.running)
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

// Of is the Recorder of s, a loop or whatever else has one; nil if s has none.
func Of(s any) *Recorder {
	if has, ok := s.(interface{ Trace() *Recorder }); ok {
		return has.Trace()
	}
	return nil
}
