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
	{"goes on at once when the future is done", taskFaults{eager: true}.impl(), []string{"U06"}},
	{"goes on at once after a bare yield", taskFaults{bareAtOnce: true}.impl(), []string{"T35"}},
	{"goes on at once after what isn't a future", taskFaults{oddAtOnce: true}.impl(), []string{"T11"}},
	{"asks again and again whether the future is done", taskFaults{polls: true}.impl(), []string{"T33", "T05", "U14"}},
	{"sends nil instead of the result", taskFaults{noValue: true}.impl(), []string{"T33", "T34", "T05", "U06", "U14"}},
	{"sends the last result to a bare yield", taskFaults{keepsValue: true}.impl(), []string{"T35"}},
	{"drops the error of what it waits for", taskFaults{noThrow: true}.impl(), []string{"T34", "T04", "T37", "T05", "T11"}},
	{"drops what the body yields after an error", taskFaults{dropsThrown: true}.impl(), []string{"T34", "T05", "T35", "T11"}},
	{"takes nil that the body yields after an error for its end", taskFaults{nilIsEnd: true}.impl(), []string{"T35"}},
	{"throws an error again into a bare yield", taskFaults{keepsError: true}.impl(), []string{"T35"}},
	{"throws a result that is an error", taskFaults{valueIsError: true}.impl(), []string{"T33"}},
	{"takes a result of nil for a failure", taskFaults{nilFails: true}.impl(), []string{"T33"}},
	{"waits for a result that is a future", taskFaults{flattens: true}.impl(), []string{"T33"}},
	{"sends the error as a value", taskFaults{errorIsValue: true}.impl(), []string{"T34", "T04", "T37", "T05", "T11"}},
	{"forgets to have itself called again", taskFaults{noCallback: true}.impl(), []string{"T33", "T34", "T04", "T37", "T05", "T35", "U06", "U14"}},
	{"asks for the result before the future is done", taskFaults{early: true}.impl(), []string{"T33", "T05", "U14"}},
	{"waits for its own end", taskFaults{waitsForDone: true}.impl(), []string{"T33", "T34", "T04", "T37", "T05", "T35", "U06", "U14"}},
	{"takes the body's error for a result", taskFaults{noError: true}.impl(), []string{"T01", "T04", "T37", "G03"}},
	{"forgets the body's result", taskFaults{noResult: true}.impl(), []string{"T01", "T33", "T34", "T05", "T11", "U06", "U14"}},
	{"ends at the first yield", taskFaults{endsEarly: true}.impl(), []string{"T33", "T34", "T04", "T37", "T05", "T35", "T11", "U06", "U14"}},
	{"never ends when it was canceled", taskFaults{noCancel: true}.impl(), []string{"T04", "T37"}},
	{"never ends when it was canceled for a reason", taskFaults{noCause: true}.impl(), []string{"T37"}},
	{"ends as soon as what it waits for is canceled", taskFaults{givesUp: true}.impl(), []string{"T37", "T05"}},
	{"takes a bare yield for a mistake", taskFaults{noBare: true}.impl(), []string{"T35"}},
	{"takes the end for a bare yield", taskFaults{endIsBare: true}.impl(), []string{"T01", "T33", "T34", "T04", "T37", "T05", "T35", "T11", "U06", "U14", "G03"}},
	{"stops at what isn't a future", taskFaults{stops: true}.impl(), []string{"T11"}},
	{"takes what isn't a future for a bare yield", taskFaults{oddIsBare: true}.impl(), []string{"T11"}},
	{"panics at what isn't a future", taskFaults{panics: true}.impl(), []string{"T11"}},
	{"resumes twice", taskFaults{twice: true}.impl(), []string{"T33", "T34", "T05", "T35", "U06"}},
	{"takes a cancellation that the body overlooked for the end's", taskFaults{heardIsEnd: true}.impl(), []string{"T05"}},
	{"hides the reason of a cancellation from the body", taskFaults{noReason: true}.impl(), []string{"T37"}},
	{"loses the reason of a cancellation that the body returns", taskFaults{losesReason: true}.impl(), []string{"T37"}},
	{"takes an error as the body's value for a failure", taskFaults{endIsError: true}.impl(), []string{"T01"}},
	{"waits for a future that the body returns", taskFaults{awaitsEnd: true}.impl(), []string{"T01"}},
	{"takes a value beside an error for a result", taskFaults{valueFirst: true}.impl(), []string{"T01"}},
	{"puts a new error with the same words into done", taskFaults{sameWords: true}.impl(), []string{"T01"}},
	{"throws an error only once", taskFaults{throwsOnce: true}.impl(), []string{"T34"}},
	{"takes what isn't a string for a bare yield", taskFaults{onlyStrings: true}.impl(), []string{"T11"}},
	{"keeps the result where all tasks share it", taskFaults{oneResult: true}.impl(), []string{"U14"}},
	{"keeps the future where all tasks share it", taskFaults{oneFuture: true}.impl(), []string{"U14"}},
	{"keeps the coroutine where all tasks share it", taskFaults{shared: true}.impl(), []string{"U14"}},
}

type taskFaults struct {
	eager, bareAtOnce, oddAtOnce, polls, noValue, keepsValue, noThrow, dropsThrown, errorIsValue, noCallback, early, waitsForDone bool
	noError, noResult, endsEarly, noCancel, noCause, givesUp, noBare, endIsBare, stops, oddIsBare, panics, twice, shared          bool
	heardIsEnd, noReason, sameWords, throwsOnce, onlyStrings, oneResult, oneFuture, valueFirst, losesReason                       bool
	nilIsEnd, keepsError, valueIsError, nilFails, flattens, endIsError, awaitsEnd                                                 bool
}

func (f taskFaults) impl() Impl { return Impl{Step: f.step} }

func (f taskFaults) step(c *coro.Coro, done *future.Future, v any, err error) {
	if f.givesUp && errors.Is(err, future.ErrCanceled) {
		done.Cancel()
		return
	}
	out, more := f.resume(c, v, err)
	awaited, isFuture := out.(*future.Future)
	soon := func(v any, err error) {
		done.Scheduler().CallSoon(func() { f.step(c, done, v, err) })
	}
	switch {
	case !more && f.heardIsEnd && errors.Is(err, future.ErrCanceled):
		_ = done.SetError(err)
	case !more && !(f.endIsBare && out == nil):
		f.finish(c, done)
	case f.nilIsEnd && out == nil && err != nil:
		f.finish(c, done)
	case f.endsEarly:
		_ = done.SetResult(out)
	case f.dropsThrown && err != nil:
	case isFuture:
		f.wait(c, done, awaited)
	case out == nil && f.bareAtOnce:
		f.step(c, done, nil, nil)
	case out == nil && f.keepsValue:
		soon(v, nil)
	case out == nil && f.keepsError:
		soon(nil, err)
	case out == nil && !f.noBare, f.oddIsBare, f.onlyStrings && !isString(out):
		soon(nil, nil)
	case f.panics:
		panic(fmt.Sprintf("%T is no future", out))
	case f.oddAtOnce:
		f.step(c, done, nil, task.ErrNotAwaitable)
	case !f.stops:
		soon(nil, fmt.Errorf("%w, not %T", task.ErrNotAwaitable, out))
	}
}

func isString(v any) bool { _, is := v.(string); return is }

func (f taskFaults) resume(c *coro.Coro, v any, err error) (any, bool) {
	switch {
	case f.noReason && errors.Is(err, future.ErrCanceled):
		return c.Throw(future.ErrCanceled)
	case f.throwsOnce && err != nil && thrown[c]:
		return c.Send(v)
	case f.throwsOnce && err != nil:
		thrown[c] = true
		return c.Throw(err)
	case err != nil && f.errorIsValue:
		return c.Send(err)
	case err != nil && !f.noThrow:
		return c.Throw(err)
	case f.noValue:
		v = nil
	}
	return c.Send(v)
}

// thrown is where an error was thrown already, if that happens only once.
var thrown = map[*coro.Coro]bool{}

// theirs is whose turn it is, if all share that.
var theirs struct {
	c             *coro.Coro
	done, awaited *future.Future
	value         any
	err           error
}

func (f taskFaults) wait(c *coro.Coro, done, awaited *future.Future) {
	if f.shared {
		theirs.c, theirs.done = c, done
	}
	theirs.awaited = awaited
	v, err := awaited.Result()
	again := func() {
		if f.oneFuture {
			awaited = theirs.awaited
		}
		if !f.early {
			v, err = awaited.Result()
		}
		if f.shared {
			c, done = theirs.c, theirs.done
		}
		if f.oneResult {
			theirs.value, theirs.err = v, err
			done.Scheduler().CallSoon(func() { f.step(c, done, theirs.value, theirs.err) })
			return
		}
		failed, isError := v.(error)
		inner, isFuture := v.(*future.Future)
		switch {
		case f.valueIsError && isError:
			v, err = nil, failed
		case f.nilFails && v == nil && err == nil:
			err = future.ErrNotReady
		case f.flattens && isFuture:
			f.wait(c, done, inner)
			return
		}
		f.step(c, done, v, err)
	}
	switch {
	case f.eager && awaited.Done():
		again()
	case f.polls:
		f.poll(done, awaited, again)
	case f.waitsForDone:
		done.AddDoneCallback(again)
	case !f.noCallback:
		awaited.AddDoneCallback(again)
	}
	if f.twice {
		awaited.AddDoneCallback(again)
	}
}

func (f taskFaults) poll(done, awaited *future.Future, again func()) {
	done.Scheduler().CallSoon(func() {
		if awaited.Done() {
			again()
		} else {
			f.poll(done, awaited, again)
		}
	})
}

func (f taskFaults) finish(c *coro.Coro, done *future.Future) {
	value, err := c.Result()
	failed, isError := value.(error)
	inner, isFuture := value.(*future.Future)
	switch {
	case f.noError, f.valueFirst && value != nil:
		_ = done.SetResult(value)
	case f.noCause && errors.Is(err, future.ErrCanceled):
		if err == future.ErrCanceled {
			done.Cancel()
		}
	case f.noCancel && errors.Is(err, future.ErrCanceled):
		// as if nobody waited for a task that was given up
	case f.losesReason && errors.Is(err, future.ErrCanceled):
		done.Cancel()
	case f.sameWords && err != nil && !errors.Is(err, future.ErrCanceled):
		_ = done.SetError(errors.New(err.Error()))
	case err != nil:
		_ = done.SetError(err)
	case f.noResult:
		_ = done.SetResult(nil)
	case f.endIsError && isError:
		_ = done.SetError(failed)
	case f.awaitsEnd && isFuture:
		inner.AddDoneCallback(func() { _ = done.SetResult(inner) })
	default:
		_ = done.SetResult(value)
	}
}
