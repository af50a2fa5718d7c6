package task

// Cancel, and how often it was asked for. Read task.go before.

import (
	"errors"

	"stepwise/pkg/future"
)

// Cancel has the coroutine's pending Await, or else its next one, return
// ErrCanceled, and reports whether the Task was still alive. What it waits for
// is canceled with it. Before its first step, nothing of its body runs. The
// body may clean up, awaiting as it does so, and may even go on: then the Task
// ends as if nothing had happened. On a Task that is done it does nothing.
func (t *Task) Cancel() bool { return t.CancelCause(nil) }

// CancelCause is Cancel with a reason: the error of the Await, and of the Task if
// it ends by it, is both ErrCanceled and cause. So is that of what it waits for.
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

// withFailure is a cancellation that comes upon err in the same round: a failure that
// came at that moment isn't lost, nor is the reason of a cancellation before it.
func withFailure(canceled, err error) error {
	if canceled == future.ErrCanceled && errors.Is(err, future.ErrCanceled) {
		return err
	}
	return join(canceled, future.WithoutCancel(err))
}

// cancel gives a the cause, if it can take one.
func cancel(a Awaitable, cause error) bool {
	if a, ok := a.(causeCanceler); ok {
		return a.CancelCause(cause)
	}
	return a.Cancel()
}

// causeCanceler is an Awaitable that takes the reason of a cancellation.
type causeCanceler interface{ CancelCause(error) bool }

var _, _ causeCanceler = (*future.Future)(nil), (*Task)(nil)

// Cancelling is how many Cancels have not been taken back by Uncancel.
func (t *Task) Cancelling() int { return t.cancels }

// Uncancel takes one Cancel back, for code that canceled on its own account
// and has dealt with it; it returns what is left. asyncio's uncancel.
func (t *Task) Uncancel() int {
	t.cancels = max(0, t.cancels-1)
	if t.cancels == 0 {
		t.mustCancel = nil
	}
	return t.cancels
}
