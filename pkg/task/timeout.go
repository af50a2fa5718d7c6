package task

// A time limit is a cancellation of our own: so it reaches whatever the body waits for,
// and the clean-up runs. Afterwards it must be told from a cancellation by others.
// Lessons 14 and 15.

import (
	"errors"
	"fmt"
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

// TimeoutError: a time limit has passed. errors.Is finds in it os.ErrDeadlineExceeded, as
// in the timeouts of sockets, and whatever is in Doing, such as the error of a task that
// failed while it was canceled. It never finds future.ErrCanceled: the time limit canceled,
// not the caller.
type TimeoutError struct {
	After time.Duration // the limit
	Doing error         // the error of what it cut short: "read 127.0.0.1:80: canceled"
}

// Error reads like "timed out after 1s (read 127.0.0.1:80: canceled)".
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("timed out after %v (%v)", e.After, e.Doing)
}

// Is makes errors.Is(err, os.ErrDeadlineExceeded) true.
func (e *TimeoutError) Is(target error) bool { return target == os.ErrDeadlineExceeded }

// As also finds errors that wrap the cancellation: a *sock.SendError knows how much was
// sent.
func (e *TimeoutError) As(target any) bool { return errors.As(e.Doing, target) }

// Unwrap is what Doing says besides the cancellation; nil if it says nothing else.
func (e *TimeoutError) Unwrap() error { return future.WithoutCancel(e.Doing) }

// Timeout and Temporary are true, as for os.ErrDeadlineExceeded: it is a net.Error.
func (e *TimeoutError) Timeout() bool { return true }

// Temporary is true; see Timeout.
func (e *TimeoutError) Temporary() bool { return true }

// Timeout runs body, in the caller's coroutine, and cancels what it waits for after d:
// asyncio's timeout. If d is 0 or less, its first await fails. The error is then a
// *TimeoutError, and the Task goes on as if it had never been canceled. Timeout returns
// when body does: it waits for a body that ignores the cancellation, and returns its
// result.
//
// If the Task is canceled by others too, before body has returned, the error stays
// future.ErrCanceled: their request must not be lost. If nested timeouts pass together,
// the outermost reports.
func Timeout(yield coro.Yield, d time.Duration, body coro.Body) (any, error) {
	return within(yield, d, body, func() bool { return false })
}

// within is Timeout, but if done is true when the time is over, body gets what it waits for.
func within(yield coro.Yield, d time.Duration, body coro.Body, done func() bool) (any, error) {
	t, err := Current(yield)
	if err != nil {
		return nil, err
	}
	before, fired, over := t.cancels, false, false
	fire := func() {
		if !over && !done() {
			fired = true
			t.Cancel()
		}
	}
	if d > 0 {
		defer t.loop.CallLater(d, fire).Cancel()
	} else {
		t.loop.CallSoon(fire) // ahead of whatever body schedules
	}
	defer func() { over = true }() // even if body panics
	v, err := body(yield)
	if fired && t.Uncancel() <= before && errors.Is(err, future.ErrCanceled) {
		return nil, &TimeoutError{After: d, Doing: err}
	}
	return v, err
}

// Deadline is Timeout with an end instead of a duration, by the loop's clock (Loop.Now):
// asyncio's timeout_at. Several calls with one deadline share the time that is left.
func Deadline(yield coro.Yield, when time.Duration, body coro.Body) (any, error) {
	t, err := Current(yield)
	if err != nil {
		return nil, err
	}
	return Timeout(yield, when-t.loop.Now(), body)
}

// WaitFor is Await with a time limit: asyncio's wait_for. If a is not done after d,
// WaitFor cancels it, waits for its end, and returns a *TimeoutError. If a is done
// already, it returns a's result, whatever d is; so it does if a ends in the round in which
// the time is over, ahead of the time limit. Other errors are those of Await.
func WaitFor(yield coro.Yield, d time.Duration, a Awaitable) (any, error) {
	t, err := Current(yield)
	if err != nil {
		return nil, err
	}
	if _, err := t.check(a); err != nil {
		return nil, misuse("wait for", err)
	}
	if a.Done() {
		return Await(yield, a)
	}
	return within(yield, d, func(yield coro.Yield) (any, error) { return Await(yield, a) }, a.Done)
}

// Sleep pauses for d: asyncio's sleep. 0 or less means one turn of the loop, as
// Checkpoint does. Errors are those of Await.
func Sleep(yield coro.Yield, d time.Duration) error {
	if d <= 0 {
		return Checkpoint(yield)
	}
	return sleep(yield, d)
}

// sleep stays a call: Sleep of 0 has a small frame.
func sleep(yield coro.Yield, d time.Duration) error {
	t, err := Current(yield)
	if err != nil {
		return err
	}
	f := future.New(t.loop)
	alarm := t.loop.CallLater(d, func() { _ = f.SetResult(nil) })
	defer alarm.Cancel()
	f.Name(&nap{t.loop, alarm})
	_, err = Await(yield, f)
	return err
}

// nap is what a task that sleeps waits for.
type nap struct {
	loop  *loop.Loop
	alarm *loop.Timer
}

func (n *nap) String() string {
	return "its time, in " + max(0, n.alarm.When()-n.loop.Now()).Round(time.Millisecond).String()
}
