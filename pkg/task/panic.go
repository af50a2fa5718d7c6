package task

// Who has to look at a panic? One rule for all code that runs tasks.

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// ReportPanics reports each panic in err to l's exception handler, with message and its
// stack. Call it if you take the error of a task and drop it.
//
// A panic of a task is its error, a *coro.PanicError. It belongs to the code that takes
// the task's result: by Await, Result or Gather, or from a Group, whose error contains
// those of its tasks. That code handles it or returns it, like any error. If no code
// takes it, the loop reports it, like every error that was never read. Code that takes it
// and drops it, as a server does with its handlers' errors, calls ReportPanics. So each
// panic is either handled or reported once. Only the loop's goroutine may call it.
func ReportPanics(l *loop.Loop, message string, err error) {
	for _, p := range coro.Panics(err) {
		l.CallExceptionHandler(loop.Exception{Message: message, Err: p, Stack: p.Stack})
	}
}
