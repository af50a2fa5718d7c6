package task

// Who has to look at a panic? One rule, for all that runs tasks.

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// ReportPanics hands each panic in err to l's exception handler, with message and its
// stack: for whoever has taken the error of a task and drops it.
//
// A panic of a task is its error, a *coro.PanicError, and belongs to whoever takes
// the task's result: by Await, Result or Gather, or from a Group, which has the errors
// of its tasks in its own. They handle it or return it, as they do any error. What
// nobody takes, the loop reports, as every error that was never read. Whoever takes it
// and drops the error, as a server does with those of its handlers, calls ReportPanics.
// So each panic is handled, or reported once. Only the loop's goroutine may call it.
func ReportPanics(l *loop.Loop, message string, err error) {
	for _, p := range coro.Panics(err) {
		l.CallExceptionHandler(loop.Exception{Message: message, Err: p, Stack: p.Stack})
	}
}
