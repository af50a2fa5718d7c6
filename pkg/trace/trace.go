// Package trace records what a loop did: when it slept and what woke it, which
// callbacks ran, which futures were completed, which tasks were stepped, what their
// coroutines yielded, and what the system calls returned.
//
//	r := trace.NewRecorder(0)
//	l, err := loop.New(loop.Options{Probe: r})
//	if err != nil {
//		return err
//	}
//	defer l.Close()
//	l.CallSoon(l.Stop)
//	err = l.Run()
//	for _, e := range r.Events() {
//		fmt.Printf("%+v\n", e)
//	}
//
// Make a Recorder, hand it to loop.Options as its Probe, run, and read its Events.
// One Recorder may record several loops.
package trace

import "time"

// Kind is what happened.
type Kind uint8

// Reported by loops.
const (
	// Sleep: select begins to wait, for Took at most; a negative Took means without
	// limit. There is none for a select that only looks.
	Sleep Kind = iota + 1
	// Woke: select has returned after Took, with N descriptors ready.
	Woke
	// Ready: FD, one of the N, is ready for Name: "read", "write" or "read+write".
	Ready
	// Watched and Unwatched: select watches FD for Name, or stops doing so.
	Watched
	Unwatched
	// Queued: callback About will run. Name is its function; Text says why, a
	// probe.Why; FD is the descriptor if Text is "read" or "write".
	Queued
	// Began and Returned: callback About runs. Skipped: it was removed after it was
	// queued, so it does nothing.
	Began
	Returned
	Skipped
)

// Reported by futures; Future is the number.
const (
	// Made: Future is new, and pending.
	Made Kind = iota + 20
	// Awaits: function Name will be called when Future is done.
	Awaits
	// Named: Future waits for FD to become ready for Name.
	Named
	// Done: Future is no longer pending. Name is the new state, Text the value, Err
	// the error.
	Done
	// Refused: method Name tried to complete Future, which was done already.
	Refused
)

// Reported by tasks.
const (
	// Spawned: Task made task About. Name is its body, Future the number of its
	// result.
	Spawned Kind = iota + 40
	// Resumed: a step of Task begins. Text is the value sent in, Err the error thrown
	// in.
	Resumed
	// Yielded: Task's coroutine pauses. Future is what it waits for, or 0 if it only
	// gives others a turn; Stack says where it pauses.
	Yielded
	// Stepped: the step of Task is over.
	Stepped
	// CancelAsked: task About is to be canceled.
	CancelAsked
)

// Reported by code that wants to be seen, and by system calls.
const (
	// Called and Left: function Name was entered, where Stack says, or left.
	Called Kind = iota + 60
	Left
	// System: the system call Name on FD returned N, or Err.
	System
	// Note: Text, in the program's own words.
	Note
)

var kinds = map[Kind]string{
	Sleep: "sleep", Woke: "woke", Ready: "ready", Watched: "watched", Unwatched: "unwatched",
	Queued: "queued", Began: "began", Returned: "returned", Skipped: "skipped",
	Made: "made", Awaits: "awaits", Named: "named", Done: "done", Refused: "refused",
	Spawned: "spawned", Resumed: "resumed", Yielded: "yielded", Stepped: "stepped", CancelAsked: "cancel asked",
	Called: "called", Left: "left", System: "system", Note: "note",
}

// String returns the kind in lower case, or "unknown" for a value that isn't one.
func (k Kind) String() string {
	if name, ok := kinds[k]; ok {
		return name
	}
	return "unknown"
}

// Event is one thing that happened. Its Kind says which fields it has; the others are
// zero. It holds texts instead of values: a recording keeps nothing alive, and nothing
// in it changes afterwards.
type Event struct {
	Seq      uint64        // 1, 2, 3 … within a Recorder
	At       time.Duration // since the first loop was made, by its own loop's clock; never goes back
	Kind     Kind
	Loop     int           // the number of the loop, from 1
	Task     uint64        // the task whose step runs; 0 outside of steps
	Callback uint64        // the callback that runs; 0 outside of callbacks
	About    uint64        // the callback or task that the event is about
	Future   uint64        // the future that the event is about
	FD       int           // the descriptor; -1 if there is none
	N        int           // a count: of bytes, or of descriptors
	Took     time.Duration // how long
	Name     string        // a function, a state, a direction
	Text     string        // a value, shortened
	Err      string        // an error's text; an errno's name
	Stack    []string      // the functions of Task's coroutine, the outermost first; nil if unknown
}
