package task

// A Task as the Future of its result: who awaits it need not know which of the two it is. Read
// task.go first.

import (
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

// Done reports whether the Task has ended.
func (t *Task) Done() bool { return t.result.Done() }

// Result is what the body returned. The error is future.ErrNotReady before the end,
// future.ErrCanceled if the Task was canceled, a *coro.PanicError if the body panicked.
func (t *Task) Result() (any, error) { return t.result.Result() }

// State says where the Task stands.
func (t *Task) State() future.State { return t.result.State() }

// Failed reports whether the Task has ended with an error, even by Cancel. It doesn't
// count as reading that error.
func (t *Task) Failed() bool { return t.result.Failed() }

// Loop is the loop that the Task runs on.
func (t *Task) Loop() *loop.Loop { return t.loop }

// AddDoneCallback runs fn in the round after the Task's end, as Future's does.
func (t *Task) AddDoneCallback(fn func()) (remove func() bool) { return t.result.AddDoneCallback(fn) }

// Scheduler is the Task's loop; nil if t was not made by Spawn.
func (t *Task) Scheduler() future.Scheduler {
	if t == nil || t.loop == nil {
		return nil
	}
	return t.loop
}
