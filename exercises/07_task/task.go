// Package task is the exercise of lesson 07: who resumes the coroutine?
package task

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
)

// Step resumes c, with a value or an error, and makes sure that Step is called
// again until the body has ended. The first call comes from the loop, with nil and nil.
//
//  1. If err isn't nil, it goes in through c.Throw. Otherwise value goes in through
//     c.Send, whatever it is.
//  2. When the body has ended, its result, c.Result(), goes into done: the error if
//     there is one, and otherwise the value, whatever it is. Use SetError for
//     future.ErrCanceled too: it cancels done and keeps the reason, which done.Cancel
//     would lose.
//  3. When a *future.Future comes out, add a callback to it that calls Step
//     with the Future's result or error. Never call Step from within Step.
//  4. When nil comes out, the others get a turn: call Step soon, with nil and
//     nil, by done.Scheduler().CallSoon.
//  5. When anything else comes out, call Step soon with an error, such as
//     task.ErrNotAwaitable of stepwise/pkg/task. The yield returns it, and the body
//     can go on.
func Step(c *coro.Coro, done *future.Future, value any, err error) {
	_ = done.SetError(lesson.ErrTODO)
}
