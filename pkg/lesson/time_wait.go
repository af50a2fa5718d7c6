package lesson

// The rest of lesson 14's cases: a time limit on a Future. Read time.go first.

import (
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// timed is the library's loop as a TimedLoop.
type timed struct{ *loop.Loop }

func (l timed) CallLater(d time.Duration, fn func()) (cancel func() bool) {
	return l.Loop.CallLater(d, fn).Cancel
}

// WaitFor is task.Wait, with a Future for the end of its task.
func (l timed) WaitFor(f *future.Future, d time.Duration) *future.Future {
	out, began := future.New(l.Loop), l.Now()
	t := task.Spawn(l.Loop, func(yield coro.Yield) (any, error) {
		if _, _, err := task.Wait(yield, task.AllCompleted, max(0, max(0, d)-(l.Now()-began)), f); err != nil {
			return nil, err
		}
		if !f.Done() {
			return nil, os.ErrDeadlineExceeded
		}
		return f.Result()
	})
	t.AddDoneCallback(func() {
		if v, err := t.Result(); err != nil {
			_ = out.SetError(err)
		} else {
			_ = out.SetResult(v)
		}
	})
	out.AddDoneCallback(func() { t.Cancel() })
	return out
}

// future makes a pending one on the loop.
func (c *clockwork) future() *future.Future {
	if library, ok := c.TimedLoop.(timed); ok {
		return future.New(library.Loop)
	}
	return future.New(c.TimedLoop)
}

// waitFor calls WaitFor, and expects a Future of its own.
func (c *clockwork) waitFor(f *future.Future, d time.Duration) *future.Future {
	out := c.WaitFor(f, d)
	if out == nil {
		fail("WaitFor", "nil", "a Future", nil)
	}
	return out
}

// ended expects out to say this, as fmt prints the two results.
func (c *clockwork) ended(tried string, out *future.Future, want string) {
	if !out.Done() {
		fail(tried, "a Future that is still pending", want, nil)
	}
	v, err := out.Result()
	if got := fmt.Sprintf("%v, %v", v, err); got != want {
		fail(tried, got, want, err)
	}
}

// timedOut is how ended expects a limit that has passed.
var timedOut = fmt.Sprintf("<nil>, %v", os.ErrDeadlineExceeded)

// left expects nothing of a wait to be on f, which is pending: its end has nobody to tell.
func (c *clockwork) left(tried string, f *future.Future) {
	if f.Done() {
		v, err := f.Result()
		fail(tried+", and look at the Future that was waited for", fmt.Sprintf("an end: %v, %v", v, err), "it to be pending still: others may wait for it", err)
	}
	trial.Must(f.SetResult("late"))
	c.sleepsOn(tried + ", and then end the Future that was waited for: a round")
}

func waitResult(c *clockwork) {
	for _, one := range []struct {
		end  string
		with func(f *future.Future)
		want string
	}{
		{"SetResult(42)", func(f *future.Future) { _ = f.SetResult(42) }, "42, <nil>"},
		{"SetResult(nil)", func(f *future.Future) { _ = f.SetResult(nil) }, "<nil>, <nil>"},
		{"SetError(io.EOF)", func(f *future.Future) { _ = f.SetError(io.EOF) }, "<nil>, EOF"},
		{"Cancel", func(f *future.Future) { f.Cancel() }, "<nil>, canceled"},
		{"CancelCause, with a reason", func(f *future.Future) { f.CancelCause(errTooLong) }, fmt.Sprintf("<nil>, %v", future.CanceledBy(errTooLong))},
	} {
		tried := "WaitFor with 30ms, and " + one.end + " after 10ms"
		f := c.future()
		out := c.waitFor(f, 30*ms)
		c.CallLater(10*ms, func() { one.with(f) })
		c.waits(tried, 10*ms)
		c.ended(tried, out, one.want)

		tried = one.end + ", and then WaitFor with 30ms"
		f = c.future()
		one.with(f)
		out = c.waitFor(f, 30*ms)
		c.waits(tried, 0)
		c.ended(tried, out, one.want)
	}
}

func waitTimeout(c *clockwork) {
	f := c.future()
	out, told := c.waitFor(f, 30*ms), 0
	out.AddDoneCallback(func() { told++ })
	const tried = "WaitFor with 30ms on a Future that stays pending"
	c.waits(tried, 30*ms)
	c.ended(tried, out, timedOut)
	if told != 1 {
		fail(tried, fmt.Sprintf("a callback that ran %d times", told), "once", nil)
	}
	if c.naps != 1 {
		fail(tried, fmt.Sprintf("a loop that sleeps %d times, and wakes", c.naps), "one sleep, until the time is over", nil)
	}
	c.left(tried, f)
	c.ended(tried+", and then end it", out, timedOut)

	c.CallSoon(func() { c.now += 10 * ms })
	f = c.future()
	out = c.waitFor(f, 30*ms)
	const busy = "WaitFor with 30ms, while a callback that takes 10ms is to run"
	c.waits(busy, 30*ms)
	c.ended(busy, out, timedOut)
}

// waitBoth has a timer end f at the very time at which the limit has passed. It is set
// before the limit's timer or after it, and so runs before or after it.
func waitBoth(c *clockwork) {
	for _, order := range []string{"before", "after"} {
		f := c.future()
		ends := func() { c.CallLater(30*ms, func() { _ = f.SetResult(42) }) }
		if order == "before" {
			ends()
		}
		out := c.waitFor(f, 30*ms)
		if order == "after" {
			ends()
		}
		tried := "the result comes in the round in which the time is over, " + order + " the limit's timer"
		c.waits(tried, 30*ms)
		c.ended(tried, out, "42, <nil>")
	}
}

func waitZero(c *clockwork) {
	for _, d := range []time.Duration{0, -time.Second, math.MinInt64} {
		f := c.future()
		out := c.waitFor(f, d)
		tried := fmt.Sprintf("WaitFor with %v on a Future that stays pending", d)
		c.waits(tried, 0)
		c.ended(tried, out, timedOut)
		c.left(tried, f)

		f = c.future()
		_ = f.SetResult(42)
		out = c.waitFor(f, d)
		tried = fmt.Sprintf("WaitFor with %v on a Future that is done", d)
		c.waits(tried, 0)
		c.ended(tried, out, "42, <nil>")

		f = c.future()
		out = c.waitFor(f, d)
		_ = f.SetResult(42)
		tried = fmt.Sprintf("WaitFor with %v, and SetResult(42) before the next round", d)
		c.waits(tried, 0)
		c.ended(tried, out, "42, <nil>")

		f = c.future()
		out = c.waitFor(f, d)
		c.CallLater(0, func() { _ = f.SetResult(42) })
		tried = fmt.Sprintf("WaitFor with %v, and SetResult(42) in the next round", d)
		c.waits(tried, 0)
		c.ended(tried, out, "42, <nil>")
	}
}

func waitTwo(c *clockwork) {
	f := c.future()
	short, long := c.waitFor(f, 10*ms), c.waitFor(f, 40*ms)
	c.CallLater(20*ms, func() { _ = f.SetResult(42) })
	const tried = "two WaitFor on one Future, with 10ms and 40ms, and its result after 20ms"
	c.waits(tried, 20*ms)
	c.ended(tried+": the first", short, timedOut)
	c.ended(tried+": the second", long, "42, <nil>")

	f = c.future()
	short, long = c.waitFor(f, 10*ms), c.waitFor(f, 40*ms)
	const never = "two WaitFor on one Future, with 10ms and 40ms, and no result"
	c.waits(never, 40*ms)
	c.ended(never+": the first", short, timedOut)
	c.ended(never+": the second", long, timedOut)
	c.left(never, f)
}

func waitGivenUp(c *clockwork) {
	f := c.future()
	out := c.waitFor(f, 30*ms)
	c.CallLater(10*ms, func() { out.Cancel() })
	const tried = "WaitFor with 30ms, and cancel what it returned after 10ms"
	c.waits(tried, 10*ms)
	c.ended(tried, out, "<nil>, canceled")
	c.left(tried, f)

	f = c.future()
	out = c.waitFor(f, 30*ms)
	c.CallLater(30*ms, func() { out.Cancel() })
	const late = "WaitFor with 30ms, and cancel what it returned in the round in which the time is over"
	c.waits(late, 30*ms)
	c.ended(late, out, "<nil>, canceled")
	c.left(late, f)

	f = c.future()
	out = c.waitFor(f, 30*ms)
	c.CallLater(10*ms, func() { _, _ = f.SetResult(42), out.Cancel() })
	const both = "WaitFor with 30ms, and cancel what it returned in the round in which the result comes"
	c.waits(both, 10*ms)
	c.ended(both, out, "<nil>, canceled")
}
