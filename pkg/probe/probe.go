// Package probe is how the engine is watched, in the engine's own words.
//
// You set a Probe in loop.Options. Each loop asks it for an Events, and tells that
// everything that happens: a callback is queued, select sleeps, a future is done, a
// task is stepped. Without a probe, each of these places costs one comparison.
//
// A recording (package trace), debug mode (package debug) and a count of system
// calls are three probes. To write one of your own, embed Nothing and add the
// methods that you need.
//
//	type counter struct {
//		probe.Nothing
//		calls int
//	}
//
//	func (c *counter) Watch(probe.Loop) probe.Events { return c }
//
//	func (c *counter) System(name string, fd, n int, err error) { c.calls++ }
//
// This is the lowest floor. It knows neither futures nor tasks: they come as values
// of type any, which a probe may tell apart and name, but must not keep.
package probe

import (
	"fmt"
	"time"
)

// A Probe watches loops.
type Probe interface {
	// Watch is called once for each loop that is made with the probe, in the
	// goroutine that makes it. The Events that it returns are told of that loop
	// alone; nil means that the probe is not interested in it.
	Watch(l Loop) Events
}

// A Loop is what a probe sees of a loop.
type Loop interface {
	Now() time.Duration               // by the loop's clock; any goroutine may ask
	Report(message string, err error) // to the loop's exception handler, in the loop's goroutine
}

// Why is the reason why a callback is in the ready queue.
type Why string

// The reasons.
const (
	Soon    Why = "soon"         // CallSoon
	Outside Why = "from outside" // CallSoonThreadsafe
	Timer   Why = "timer"        // it is due
	Read    Why = "read"         // its descriptor is readable
	Write   Why = "write"        // its descriptor is writable
)

// A Callback is one turn of a function in the ready queue.
type Callback struct {
	Number uint64 // 1, 2, 3 … in the order in which the loop queued them
	Fn     func()
	Why    Why
	FD     int // the descriptor, for Read and Write; else -1
	By     any // what Scheduled returned for it
}

// A Descriptor is the name of a future that waits for a descriptor.
type Descriptor interface {
	fmt.Stringer
	Descriptor() (fd int, events fmt.Stringer)
}

// Events is told what happens on one loop, in the loop's goroutine unless a
// method's comment says otherwise. A method must return soon, and must call nothing of
// the loop but Now and Report.
type Events interface {
	// Scheduled: fn has been handed to the loop. The value that it returns comes
	// back as Callback.By. Any goroutine may be the caller.
	Scheduled(fn func()) (by any)
	// Queued, Began, Returned: c is in the ready queue, begins to run, and is over,
	// however it ended. Skipped comes between Began and Returned if c was taken back,
	// and so doesn't run.
	Queued(c Callback)
	Began(c Callback)
	Skipped(c Callback)
	Returned(c Callback)

	// Sleep: select begins, for timeout at most; 0 means that it only looks, less
	// than 0 that it has no limit. Woke: it has returned, with n descriptors. Ready:
	// fd is one of them.
	Sleep(timeout time.Duration)
	Woke(n int)
	Ready(fd int, events fmt.Stringer)
	// Watched and Unwatched: the loop waits, or no longer waits, for events on fd.
	Watched(fd int, events fmt.Stringer)
	Unwatched(fd int, events fmt.Stringer)
	// System: a system call on fd has returned n, or err. name is its manual page.
	// Any goroutine may be the caller.
	System(name string, fd, n int, err error)

	// Made: f is pending. Named: what says what f waits for. Awaits: fn will be
	// called when f is done. Read: f's result has been looked at.
	Made(f any)
	Named(f any, what fmt.Stringer)
	Awaits(f any, fn func())
	Read(f any)
	// Done: f is no longer pending. Refused: op was called on it after that.
	Done(f any, state fmt.Stringer, value any, err error)
	Refused(f any, op string)

	// Spawned: t was made of body; result is the future of its result.
	Spawned(t, result, body any)
	// Resumed: t is stepped, with a value or an error. Yielded, in t's coroutine:
	// it pauses, and hands out to its step; an Awaits that follows in the same step
	// names the future that t waits for. Stepped: the step is over.
	Resumed(t any, value any, err error)
	Yielded(t any, out any)
	Stepped(t any)
	// CancelAsked: Cancel is called on t.
	CancelAsked(t any)

	// Opened: o lives on the loop. Closed: its owner has closed it, perhaps again.
	// Abandoned: the loop had to close it; its owner may still do so.
	Opened(o any, name fmt.Stringer)
	Abandoned(o any)
	Closed(o any)

	// Entered and the function it returns, and Noted: code makes itself visible, a
	// function by its name, or in words of its own. Any goroutine may be the caller.
	Entered(name string) (left func())
	Noted(text string)

	// Origin says who made x: "future made by main.main at main.go:12"; empty if the
	// probe doesn't know.
	Origin(x any) string
	// End: the loop has closed. After that it is told only what is done with what is
	// left: futures that are made, canceled or read, and owners that close something.
	End()
}
