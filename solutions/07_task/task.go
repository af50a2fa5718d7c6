// Package task is a solution of lesson 07: who resumes the coroutine?
package task

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// Step resumes c and makes sure that Step is called again until the body has ended.
func Step(c *coro.Coro, done *future.Future, value any, err error) {
	out, more := resume(c, value, err)
	if !more {
		finish(c, done)
		return
	}
	soon := func(err error) {
		done.Scheduler().CallSoon(func() { Step(c, done, nil, err) })
	}
	f, ok := out.(*future.Future)
	switch {
	case ok:
		f.AddDoneCallback(func() {
			value, err := f.Result()
			Step(c, done, value, err)
		})
	case out == nil:
		soon(nil)
	default:
		soon(task.ErrNotAwaitable)
	}
}

func resume(c *coro.Coro, value any, err error) (any, bool) {
	if err != nil {
		return c.Throw(err)
	}
	return c.Send(value)
}

// finish puts the body's end into done. SetError cancels done if err is
// future.ErrCanceled, and keeps the reason, which done.Cancel would lose.
func finish(c *coro.Coro, done *future.Future) {
	value, err := c.Result()
	if err != nil {
		_ = done.SetError(err)
		return
	}
	_ = done.SetResult(value)
}
