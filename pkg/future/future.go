// Package future is a box for a result that isn't there yet.
//
// Code that makes the result calls SetResult or SetError, once. Code that needs the
// result adds a callback. A Future knows nothing of loops and sockets: all it needs is
// a Scheduler that runs its callbacks soon.
//
//	f := future.New(l) // l is a *loop.Loop
//	f.AddDoneCallback(func() { fmt.Println(f.Result()) })
//	err := f.SetResult(42) // l calls back soon, not now
package future

import (
	"errors"
	"fmt"
	"slices"

	"stepwise/pkg/site"
)

// What a Future refuses.
var (
	ErrNotReady = errors.New("result is not there yet")
	ErrDone     = errors.New("future is done already")
	ErrCanceled = errors.New("canceled")
	ErrNilError = errors.New("error is nil")
	ErrNotMade  = errors.New("future was not made by New")
)

// Scheduler runs a function soon, never inline: a *loop.Loop, or in a test a
// slice of functions.
type Scheduler interface{ CallSoon(fn func()) }

// State is where a Future stands. It leaves Pending once, and never returns.
type State uint8

const (
	Pending  State = iota // no result yet
	Canceled              // ended by Cancel, or with its error
	Finished              // has a result or an error
)

// String names the state.
func (s State) String() string {
	return [...]string{"pending", "canceled", "finished"}[s]
}

// Future is asyncio's Future. Only the loop's goroutine may call its methods.
//
// Invariants: state = Pending ⇔ no result; state = Canceled ⇒
// errors.Is(err, ErrCanceled); callbacks are kept only while Pending.
type Future struct {
	scheduler Scheduler
	site      *site.Site // the scheduler's, if it is a loop; else nil
	state     State
	added     uint32 // numbers the callbacks, for their removal
	value     any
	err       error
	callbacks []callback   // in the order of adding
	first     [1]callback  // where callbacks begins: nearly all have one, which costs no allocation
	unread    *unread      // its error until it was read; nil if there is none
	name      fmt.Stringer // what it waits for; nil if Name was not called
}

type callback struct {
	number uint32
	fn     func()
}

// New makes a pending Future whose callbacks s will run.
// It panics if s is nil.
func New(s Scheduler) *Future { return new(Future).Init(s) }

// Init is New for a Future that is part of something larger, such as a task, and so costs
// no allocation. f must be as it was declared. Init returns f.
func (f *Future) Init(s Scheduler) *Future {
	if s == nil {
		panic("future: New with a nil Scheduler")
	}
	f.scheduler, f.site = s, site.Of(s)
	f.begin()
	return f
}

func (f *Future) begin() {
	f.callbacks = f.first[:0]
	f.tellMade()
}

// Reset makes a finished Future pending again, as New makes it, and reports whether it did.
// A Future that is pending, or whose error nobody has read, stays as it is. Reset is for
// the owner of a Future that nobody else keeps, such as a socket that is waited for again
// and again: anybody else would take the next result for the last one. A remove of
// AddDoneCallback that is left from before has no effect.
func (f *Future) Reset() bool {
	if f.State() == Pending || f.unread != nil {
		return false
	}
	f.state, f.value, f.err, f.name = Pending, nil, nil, nil
	f.begin()
	return true
}

// Name says what f waits for: "fd 7 to read". It is shown by an interrupted loop and
// in pictures.
func (f *Future) Name(what fmt.Stringer) {
	f.name = what
	f.tellNamed()
}

// String is what f waits for; "a future" if it has no name.
func (f *Future) String() string {
	if f == nil || f.name == nil {
		return "a future"
	}
	return f.name.String()
}

// SetResult ends f with a value and schedules its callbacks. The error is ErrDone if f
// has ended before: the first result stays.
func (f *Future) SetResult(value any) error { return f.finish("SetResult", Finished, value, nil) }

// SetError ends f with an error. One that is ErrCanceled, wrapped or joined, cancels f, as
// CancelCause does. It returns ErrDone as SetResult does, and ErrNilError for nil.
func (f *Future) SetError(err error) error {
	switch {
	case err == nil:
		return fmt.Errorf("future: SetError: %w", ErrNilError)
	case errors.Is(err, ErrCanceled):
		return f.cancel("SetError", err)
	}
	if err := f.finish("SetError", Finished, nil, err); err != nil {
		return err
	}
	f.keepUnread()
	return nil
}

// Cancel ends f with ErrCanceled and reports whether it did. If f is done, it does
// nothing.
func (f *Future) Cancel() bool { return f.CancelCause(ErrCanceled) }

// CancelCause is Cancel with a reason: the error is both ErrCanceled and cause. If cause
// is a cancellation together with a failure, the loop reports it unless somebody reads it.
func (f *Future) CancelCause(cause error) bool {
	return f.cancel("Cancel", CanceledBy(cause)) == nil
}

func (f *Future) cancel(op string, err error) error {
	if err := f.finish(op, Canceled, nil, err); err != nil {
		return err
	}
	if WithoutCancel(err) != nil {
		f.keepUnread()
	}
	return nil
}

// finish is the only place where a Future leaves Pending.
func (f *Future) finish(op string, state State, value any, err error) error {
	if f == nil || f.scheduler == nil {
		return fmt.Errorf("future: %s: %w", op, ErrNotMade)
	}
	if f.state != Pending {
		f.tellRefused(op)
		return fmt.Errorf("future: %s: %w (%s)", op, ErrDone, f.state)
	}
	f.state, f.value, f.err = state, value, err
	f.tellDone()
	for _, c := range f.callbacks {
		// It is tempting to call c.fn here. But 100,000 finished futures in a row
		// would overflow the stack.
		f.scheduler.CallSoon(c.fn)
	}
	f.dropCallbacks()
	return nil
}

// dropCallbacks lets go of those who waited: f may live longer.
func (f *Future) dropCallbacks() { f.callbacks, f.first = nil, [1]callback{} }

// Result returns the value or the error; ErrNotReady while f is pending.
func (f *Future) Result() (any, error) {
	if f.State() == Pending {
		return nil, fmt.Errorf("future: Result: %w", ErrNotReady)
	}
	f.tellRead()
	return f.value, f.err
}

// State says where f stands. A nil *Future is pending forever.
func (f *Future) State() State {
	if f == nil {
		return Pending
	}
	return f.state
}

// Done reports whether f has ended, in whatever way.
func (f *Future) Done() bool { return f.State() != Pending }

// Failed reports whether f has ended with an error, even by Cancel. Unlike Result, it
// doesn't count as reading that error.
func (f *Future) Failed() bool { return f.State() != Pending && f.err != nil }

// Scheduler is what f was made with; nil if it was not made by New.
func (f *Future) Scheduler() Scheduler {
	if f == nil {
		return nil
	}
	return f.scheduler
}

// AddDoneCallback has the scheduler run fn when f has ended; callbacks run in the order
// in which they were added. If f is done already, fn runs soon, never inline. remove
// takes fn back and reports whether it did: once f has ended it is too late.
// AddDoneCallback panics if fn is nil or f was not made by New.
func (f *Future) AddDoneCallback(fn func()) (remove func() bool) {
	return f.remover(f.add(fn)) // inlined: a caller that drops it allocates nothing
}

func (f *Future) remover(number uint32) func() bool {
	return func() bool { return f.remove(number) }
}

func (f *Future) add(fn func()) uint32 {
	switch {
	case f == nil || f.scheduler == nil:
		panic(fmt.Errorf("future: AddDoneCallback: %w", ErrNotMade))
	case fn == nil:
		panic("future: AddDoneCallback: callback is nil")
	}
	f.added++
	f.tellAwaits(fn)
	if f.state != Pending {
		f.scheduler.CallSoon(fn)
	} else {
		f.callbacks = append(f.callbacks, callback{f.added, fn})
	}
	return f.added
}

func (f *Future) remove(number uint32) bool {
	for i, c := range f.callbacks {
		if c.number == number {
			f.callbacks = slices.Delete(f.callbacks, i, i+1)
			return true
		}
	}
	return false
}
