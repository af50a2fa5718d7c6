// Package future is a solution of lesson 05: a box with three states.
package future

import (
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
)

// Future is a box for a result that isn't there yet.
type Future struct {
	s         future.Scheduler
	done      bool
	value     any
	err       error
	callbacks []func() // while pending, in the order of adding
}

// New makes a pending Future whose callbacks s will run.
func New(s future.Scheduler) lesson.Box { return &Future{s: s} }

// SetResult ends f with a value.
func (f *Future) SetResult(value any) error { return f.finish(value, nil) }

// SetError ends f with an error, which must not be nil.
func (f *Future) SetError(err error) error {
	if err == nil {
		return future.ErrNilError
	}
	return f.finish(nil, err)
}

// Cancel ends f with future.ErrCanceled and reports whether it did.
func (f *Future) Cancel() bool { return f.finish(nil, future.ErrCanceled) == nil }

// finish is the only place where a Future ends.
func (f *Future) finish(value any, err error) error {
	if f.done {
		return future.ErrDone
	}
	f.done, f.value, f.err = true, value, err
	for _, fn := range f.callbacks {
		f.s.CallSoon(fn)
	}
	f.callbacks = nil
	return nil
}

// Done reports whether f has ended.
func (f *Future) Done() bool { return f.done }

// Result returns the value or the error.
func (f *Future) Result() (any, error) {
	if !f.done {
		return nil, future.ErrNotReady
	}
	return f.value, f.err
}

// AddDoneCallback has fn run by the scheduler when f has ended.
func (f *Future) AddDoneCallback(fn func()) {
	if f.done {
		f.s.CallSoon(fn)
		return
	}
	f.callbacks = append(f.callbacks, fn)
}
