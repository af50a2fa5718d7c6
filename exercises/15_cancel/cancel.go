// Package cancel is the exercise of lesson 15: how do you stop something that waits?
//
// It has two parts: a task that can be canceled, and a group of tasks. The second stands
// on the library's tasks, so you can write the two in any order.
package cancel

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
)

// Task is the task of lesson 07, which can be canceled too. Add the fields that it needs.
type Task struct {
	c    *coro.Coro
	done *future.Future
}

// NewTask makes a task of c, whose end is done. The loop makes its first step soon, with
// nil and nil.
func NewTask(c *coro.Coro, done *future.Future) lesson.Cancelable { return &Task{c, done} }

// Step does what Step of lesson 07 does: it resumes c with a value or an error, and makes
// sure that Step is called again until the body has ended. If a cancellation has been
// kept, Step throws that in instead, once.
func (t *Task) Step(value any, err error) {
	_ = t.done.SetError(lesson.ErrTODO)
}

// Cancel has the body's pending yield, or else its next one, return future.ErrCanceled,
// and reports whether the task was alive.
//
//  1. If the body waits for a Future, cancel that Future, by CancelCause(cause): its
//     callback wakes the body in the next round. Cancel itself never resumes the body,
//     and never ends done: the body cleans up first.
//  2. If it waits for none, or for one that is done already, with a result or an error,
//     keep the cancellation, future.CanceledBy(cause), for the next step. So a task that
//     has not begun never runs its body, and a bare yield returns the cancellation.
//  3. If the body runs, because it cancels its own task, its next yield returns the
//     cancellation. If a Future comes out there, that one is canceled, unless it is done.
//  4. Two Cancels before the body has its turn are one error; both return true. After that
//     nothing is left of them: the body may clean up, or go on, and may be canceled again.
//  5. The task ends with what the body returns, whatever was canceled before.
//  6. After the end Cancel changes nothing, and returns false.
func (t *Task) Cancel(cause error) bool {
	return false
}

// Group runs block, which gets a yield and a function that starts a task in the group. It
// returns when block and all these tasks have ended.
//
//  1. Tasks of the group may start others in it.
//  2. The first error, of block or of a task, cancels block and the tasks that have not
//     ended. None of them is canceled again by a later error of block or a task: that would
//     hit the clean-up.
//  3. A canceled task has not failed: an error counts as far as future.WithoutCancel leaves
//     something of it.
//  4. The errors of block and of all tasks are among those that Group returns, by
//     errors.Join.
//  5. If the task that called Group is canceled, block and all tasks are canceled too. Group
//     still waits for them, however often that happens, and the error of the cancellation,
//     with its reason, is among its errors. If that task isn't canceled, future.ErrCanceled
//     isn't among them. Whether a second cancellation from outside, or one after a failure,
//     reaches the tasks that clean up is up to you.
//  6. After the first error, after a cancellation from outside, and after the end, start
//     does nothing.
//  7. After a Group the calling task goes on as if it had not been canceled by the Group.
//     You needn't cancel that one if you run block as the first task of the group.
//
// Use task.Current(yield), which returns the calling task, and its Loop; task.Spawn; and
// AddDoneCallback, Result and Cancel of the tasks.
func Group(yield coro.Yield, block func(yield coro.Yield, start func(coro.Body)) error) error {
	return lesson.ErrTODO
}
