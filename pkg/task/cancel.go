package task

// Cancel, and how many requests are open. Read task.go first.

import (
	"errors"

	"stepwise/pkg/future"
)

// Cancel makes the coroutine's pending Await, or else its next one, return ErrCanceled,
// and reports whether the Task was still alive. What the Task waits for is canceled with
// it. If the Task has not begun, its body never runs. The body may clean up, awaiting as it
// does so, and may even go on: then the Task ends as if it had not been canceled. On a
// Task that is done, Cancel does nothing.
func (t *Task) Cancel() bool { return t.CancelCause(nil) }

// CancelCause is Cancel with a reason: the error of the Await, of what the Task waits
// for, and of the Task if it ends by it, is both ErrCanceled and cause.
func (t *Task) CancelCause(cause error) bool {
	if t.Done() {
		return false
	}
	t.cancels++
	t.tellCanceled()
	if t.waiting == nil || !cancel(t.waiting, cause) {
		t.mustCancel = withFailure(future.CanceledBy(cause), t.mustCancel)
	}
	return true
}

// withFailure is a cancellation that meets err in the same round: neither a failure nor
// the reason of an earlier cancellation is lost.
func withFailure(canceled, err error) error {
	if canceled == future.ErrCanceled && errors.Is(err, future.ErrCanceled) {
		return err
	}
	return join(canceled, future.WithoutCancel(err))
}

// says reports whether err says already what canceled, a cancellation, says: that something
// was canceled, and for which reason.
func says(err, canceled error) bool {
	cause := errors.Unwrap(canceled)
	return errors.Is(err, future.ErrCanceled) &&
		(errors.Is(err, canceled) || !errors.Is(cause, future.ErrCanceled) && errors.Is(err, cause))
}

// cancel cancels a, with the cause if a can take one.
func cancel(a Awaitable, cause error) bool {
	if a, ok := a.(causeCanceler); ok {
		return a.CancelCause(cause)
	}
	return a.Cancel()
}

// causeCanceler is an Awaitable that takes the reason of a cancellation.
type causeCanceler interface{ CancelCause(error) bool }

var _, _ causeCanceler = (*future.Future)(nil), (*Task)(nil)

// Cancelling is how many Cancels have not been taken back by Uncancel: asyncio's
// cancelling.
func (t *Task) Cancelling() int { return t.cancels }

// Uncancel takes back one Cancel, for code that canceled its own task and has dealt
// with it, and returns how many are left: asyncio's uncancel.
func (t *Task) Uncancel() int {
	t.cancels = max(0, t.cancels-1)
	if t.cancels == 0 {
		t.mustCancel = nil
	}
	return t.cancels
}
