// Package trace records what a loop did: when it slept and what woke it, which
// callback ran, which future was completed, which task was stepped, what its
// coroutine yielded, and what the system calls said.
//
// Make a Recorder, hand it to loop.Options as its Probe, run, and read its
// Events. One Recorder may record several loops.
package trace

import "time"

// Kind is what happened.
type Kind uint8

// Said by the loop.
const (
	// Sleep: select begins to wait, for Took at the longest; a negative Took
	// is for ever. It isn't said of a select that only looks.
	Sleep Kind = iota + 1
	// Woke: select has returned after Took, with N descriptors ready.
	Woke
	// Ready: one of them, FD, for Name: "read", "write" or "read+write".
	Ready
	// Watched and Unwatched: FD is, or is no longer, waited for, for Name.
	Watched
	Unwatched
	// Queued: a callback, numbered About, will run; Name is its function, FD
	// and Text say why: "read", "timer", "soon", "from outside".
	Queued
	// Began and Returned: callback About runs. Skipped: it does nothing, since
	// it was removed after it was queued.
	Began
	Returned
	Skipped
)

// Said by futures; Future is its number.
const (
	// Made: a future, pending.
	Made Kind = iota + 20
	// Awaits: the function Name will be called once Future is done.
	Awaits
	// Named: Future waits for FD to become ready, for Name.
	Named
	// Done: Future has left pending; Name is the new state, Text the value,
	// Err the error.
	Done
	// Refused: somebody tried to complete a future that was done. Name is what
	// he called.
	Refused
)

// Said by tasks.
const (
	// Spawned: a task, About, was made by Task; Name is its body, Future the
	// number of its result.
	Spawned Kind = iota + 40
	// Resumed: Task is stepped; Text is the value sent in, Err the error.
	Resumed
	// Yielded: Task's coroutine pauses. Future is what it waits for, 0 where it
	// only lets others have their turn; Stack says where it stands.
	Yielded
	// Stepped: Task's step is over.
	Stepped
	// CancelAsked: somebody cancels task About.
	CancelAsked
)

// Said by whoever wants to be seen.
const (
	// Called and Left: the function Name was entered, with Stack, and is left.
	Called Kind = iota + 60
	Left
	// System: the system call Name on FD returned N, or Err.
	System
	// Note: Text, in somebody's own words.
	Note
)

var kinds = map[Kind]string{
	Sleep: "sleep", Woke: "woke", Ready: "ready", Watched: "watched", Unwatched: "unwatched",
	Queued: "queued", Began: "began", Returned: "returned", Skipped: "skipped",
	Made: "made", Awaits: "awaits", Named: "named", Done: "done", Refused: "refused",
	Spawned: "spawned", Resumed: "resumed", Yielded: "yielded", Stepped: "stepped", CancelAsked: "cancel asked",
	Called: "called", Left: "left", System: "system", Note: "note",
}

// String names the kind in lower case; "unknown" if it is none.
func (k Kind) String() string {
	if name, ok := kinds[k]; ok {
		return name
	}
	return "unknown"
}

// Event is one thing that happened. Which fields it has is said at its Kind;
// the others are zero. It holds texts, never the values themselves: a recording
// keeps nothing alive, and nothing in it changes afterwards.
type Event struct {
	Seq      uint64        // 1, 2, 3 … within a Recorder
	At       time.Duration // by the loop's clock, since its loop was made; never goes back
	Kind     Kind
	Loop     int           // on which loop: 1 for the first that was recorded; never 0
	Task     uint64        // whose step runs; 0 outside of all steps
	Callback uint64        // which callback runs; 0 outside of all
	About    uint64        // the callback or task that Kind speaks of
	Future   uint64        // the future that Kind speaks of
	FD       int           // the descriptor; -1 if there is none
	N        int           // bytes or how many
	Took     time.Duration // how long
	Name     string        // a function, a state, a direction
	Text     string        // a value, shortened
	Err      string        // an error's text; an errno's name
	Stack    []string      // the functions of Task's coroutine, the outermost first; nil where they aren't known
}
