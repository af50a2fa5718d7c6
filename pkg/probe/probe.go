// Package probe is what can be watched of the engine, in the engine's own words.
//
// A Probe is handed to loop.Options. Each loop then asks it for an Events, and
// tells that of all that happens: a callback is queued, select sleeps, a future
// is done, a task is stepped. Without a probe each of these places costs one
// comparison.
//
// A recording (package trace), debug mode (package debug) and a count of system
// calls are three probes. To write one of your own, embed Nothing and add the
// methods that you need.
//
// This is the lowest floor. It knows no future and no task: they come as values
// of type any, which a probe may tell apart and name, and must not keep.
package probe

import (
	"fmt"
	"time"
)

// A Probe watches loops.
type Probe interface {
	// Watch is called once for each loop that is made with the probe, in the
	// goroutine that makes it. What it returns is told of that loop alone; nil
	// means that the probe has no interest in it.
	Watch(l Loop) Events
}

// A Loop is what a probe sees of a loop.
type Loop interface {
	Now() time.Duration               // by the loop's clock; any goroutine may ask
	Report(message string, err error) // to the loop's exception handler, in the loop's goroutine
}

// Why is the reason for which a callback is in the ready queue.
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

// A Descriptor is what a future waits for, if that is a descriptor.
type Descriptor interface {
	fmt.Stringer
	Descriptor() (fd int, events fmt.Stringer)
}

// Events is told what happens on one loop, in the loop's goroutine unless a
// method says otherwise. A method must return soon, and must not call the loop.
type Events interface {
	// Scheduled: fn has been handed to the loop. What it returns comes back as
	// Callback.By. Any goroutine may be the caller.
	Scheduled(fn func()) (by any)
	// Queued, Began, Returned: c is in the ready queue, runs, and is over, however it
	// ended. Skipped, between the last two: it was taken back, and does nothing.
	Queued(c Callback)
	Began(c Callback)
	Skipped(c Callback)
	Returned(c Callback)

	// Slept: select begins, for timeout at most; 0 only looks, less than 0 is
	// without limit. Woke: it has returned, with n descriptors. Ready: fd is one.
	Slept(timeout time.Duration)
	Woke(n int)
	Ready(fd int, events fmt.Stringer)
	// Watched and Unwatched: fd is, or is no longer, waited for.
	Watched(fd int, events fmt.Stringer)
	Unwatched(fd int, events fmt.Stringer)
	// Called: a system call on fd has returned n, or err. name is that of its
	// manual page. Any goroutine may be the caller.
	Called(name string, fd, n int, err error)

	// Made: f is pending. Named: what says what f waits for. Awaits: fn will be
	// called when f is done. Read: somebody has looked at its result.
	Made(f any)
	Named(f any, what fmt.Stringer)
	Awaits(f any, fn func())
	Read(f any)
	// Done: f has left pending. Refused: op was called on it after that.
	Done(f any, state fmt.Stringer, value any, err error)
	Refused(f any, op string)

	// Spawned: t was made of body, and result is the future of its result.
	Spawned(t, result, body any)
	// Resumed: t is stepped, with a value or an error. Yielded, in t's coroutine:
	// it pauses, and hands out to its step; the Awaits that follows in the same
	// step says for which future. Stepped: the step is over.
	Resumed(t any, value any, err error)
	Yielded(t any, out any)
	Stepped(t any)
	// Canceled: somebody cancels t.
	Canceled(t any)

	// Opened: o lives on the loop until it is Closed. Left: the loop had to close it.
	Opened(o any, name fmt.Stringer)
	Left(o any)
	Closed(o any)

	// Entered and what it returns, Noted: code wants to be seen, a function by
	// its name, or words of its own. Any goroutine may be the caller.
	Entered(name string) (left func())
	Noted(text string)

	// Origin is who made x, "main.main at main.go:12", as far as the probe knows.
	Origin(x any) string
	// End: the loop has closed. Nothing is told after it.
	End()
}
