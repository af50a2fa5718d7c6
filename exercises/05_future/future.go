// Package future is the exercise of lesson 05: a box with three states.
package future

import (
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
)

// Future is a box for a result that isn't there yet. It is pending, and then,
// once and for all, finished or canceled.
//
// Give it what it has to remember: the scheduler that runs its callbacks,
// whether it is done, its value, its error, and the callbacks that wait.
type Future struct{}

// New makes a pending Future whose callbacks s will run.
func New(s future.Scheduler) lesson.Box {
	return &Future{}
}

// SetResult ends f with a value, nil included. If f has ended before, it
// returns future.ErrDone and nothing changes. Otherwise each callback goes to
// the scheduler's CallSoon, in the order of adding; none runs in here.
func (f *Future) SetResult(value any) error {
	return lesson.ErrTODO
}

// SetError ends f with an error, as SetResult does with a value. It refuses nil
// with future.ErrNilError.
func (f *Future) SetError(err error) error {
	return lesson.ErrTODO
}

// Cancel ends f with future.ErrCanceled and reports whether it did.
func (f *Future) Cancel() bool {
	return false
}

// Done reports whether f has ended, in whatever way.
func (f *Future) Done() bool {
	return false
}

// Result returns the value or the error; future.ErrNotReady while f is pending.
func (f *Future) Result() (any, error) {
	return nil, lesson.ErrTODO
}

// AddDoneCallback has fn run by the scheduler when f has ended; soon, if it has
// ended already. While f is pending, the scheduler gets nothing to run.
func (f *Future) AddDoneCallback(fn func()) {}
