package lesson

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way; task.Task is right.
var wrongTasks = []Wrong{
	{"goes on at once when the future is done", Impl{Step: taskFaults{eager: true}.step}, []string{"U06"}},
	{"sends nil instead of the result", Impl{Step: taskFaults{noValue: true}.step}, []string{"T33", "T34", "U06", "U14"}},
	{"drops the error of what it waits for", Impl{Step: taskFaults{noThrow: true}.step}, []string{"T34", "T04", "T11"}},
	{"forgets to have itself called again", Impl{Step: taskFaults{noCallback: true}.step}, []string{"T33", "T34", "T04", "U06", "U14"}},
	{"takes the body's error for a result", Impl{Step: taskFaults{noError: true}.step}, []string{"T01", "T04", "G03"}},
	{"never ends when it was canceled", Impl{Step: taskFaults{noCancel: true}.step}, []string{"T04"}},
	{"takes a bare yield for a mistake", Impl{Step: taskFaults{noBare: true}.step}, []string{"T35"}},
	{"stops at what isn't a future", Impl{Step: taskFaults{stops: true}.step}, []string{"T11"}},
	{"resumes twice", Impl{Step: taskFaults{twice: true}.step}, []string{"T33", "T34", "U06"}},
}

type taskFaults struct {
	eager, noValue, noThrow, noCallback, noError, noCancel, noBare, stops, twice bool
}

func (f taskFaults) step(c *coro.Coro, done *future.Future, v any, err error) {
	if f.noThrow {
		err = nil
	}
	if f.noValue {
		v = nil
	}
	var out any
	var more bool
	if err != nil {
		out, more = c.Throw(err)
	} else {
		out, more = c.Send(v)
	}
	if !more {
		f.finish(c, done)
		return
	}
	awaited, isFuture := out.(*future.Future)
	switch {
	case isFuture:
		f.wait(c, done, awaited)
	case out == nil && !f.noBare:
		done.Scheduler().CallSoon(func() { f.step(c, done, nil, nil) })
	case !f.stops:
		err := fmt.Errorf("%w, not %T", task.ErrNotAwaitable, out)
		done.Scheduler().CallSoon(func() { f.step(c, done, nil, err) })
	}
}

func (f taskFaults) wait(c *coro.Coro, done, awaited *future.Future) {
	again := func() {
		v, err := awaited.Result()
		f.step(c, done, v, err)
	}
	switch {
	case f.eager && awaited.Done():
		again()
	case !f.noCallback:
		awaited.AddDoneCallback(again)
	}
	if f.twice {
		awaited.AddDoneCallback(again)
	}
}

func (f taskFaults) finish(c *coro.Coro, done *future.Future) {
	value, err := c.Result()
	switch {
	case f.noError:
		_ = done.SetResult(value)
	case f.noCancel && errors.Is(err, future.ErrCanceled):
		// as if nobody waited for a task that was given up
	case errors.Is(err, future.ErrCanceled):
		done.Cancel()
	case err != nil:
		_ = done.SetError(err)
	default:
		_ = done.SetResult(value)
	}
}
