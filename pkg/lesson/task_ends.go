package lesson

// The rest of lesson 07's cases: how a task ends. Read task.go first.

import (
	"fmt"
	"io"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/trial"
)

func taskEnds(e *engine) {
	for _, value := range []any{42, nil, io.EOF, future.New(e.Loop)} { // an error or a future is a value like any other
		done := e.spawn(func(coro.Yield) (any, error) { return value, nil })
		e.drain()
		tried := "a body that returns " + named(value) + " and no error"
		wantEnded(tried, done, named(value)+", <nil>")
		if v, err := done.Result(); v != value || err != nil {
			fail(tried, fmt.Sprintf("%s, %v", named(v), err), named(value)+", <nil>", err)
		}
	}
	for _, value := range []any{nil, "half"} {
		done := e.spawn(func(coro.Yield) (any, error) { return value, io.ErrUnexpectedEOF })
		e.drain()
		tried := fmt.Sprintf("a body that returns %v and an error", value)
		wantEnd(tried, done, "<nil>, unexpected EOF")
		_, err := done.Result()
		wantError(tried, err, io.ErrUnexpectedEOF)
	}
}

func taskCanceled(e *engine) {
	f := future.New(e.Loop)
	done := e.spawn(func(yield coro.Yield) (any, error) { return yield(f) })
	f.Cancel()
	e.drain()
	wantEnd("a body that returns what its wait returned, a cancellation", done, "<nil>, canceled")
}

func taskCanceledFor(e *engine) {
	f := future.New(e.Loop)
	var heard error
	done := e.spawn(func(yield coro.Yield) (any, error) {
		_, heard = yield(f)
		return nil, heard
	})
	f.CancelCause(io.ErrClosedPipe)
	e.drain()
	const tried = "a body that returns what its wait returned, a cancellation for a reason"
	if !done.Done() {
		wantEnd(tried, done, "<nil>, canceled")
	}
	wantError(tried+": what the wait returned", heard, io.ErrClosedPipe)
	_, err := done.Result()
	wantError(tried, err, future.ErrCanceled)
	wantError(tried+": the error that says so", err, io.ErrClosedPipe)
}

// taskGoesOn has bodies that overlook a cancellation: one waits again, one ends.
func taskGoesOn(e *engine) {
	first, second := future.New(e.Loop), future.New(e.Loop)
	done := e.spawn(func(yield coro.Yield) (any, error) {
		_, err := yield(first)
		b, _ := yield(second)
		return fmt.Sprint(err, " ", b), nil
	})
	first.Cancel()
	e.drain()
	_ = second.SetResult("and on")
	e.drain()
	wantEnd("a body whose first wait is canceled, and that waits again", done, "canceled and on, <nil>")
	done = e.spawn(func(yield coro.Yield) (any, error) {
		_, err := yield(first)
		return fmt.Sprint(err, " and over"), nil
	})
	e.drain()
	wantEnd("a body whose wait is canceled, and that returns a value", done, "canceled and over, <nil>")
}

func taskPanic(e *engine) {
	done := e.spawn(func(coro.Yield) (any, error) { panic("boom") })
	e.drain()
	if v, err := done.Result(); !done.Done() || err == nil || !strings.Contains(err.Error(), "boom") {
		fail(`the body panics with "boom"`, fmt.Sprintf("%v and %s", v, trial.Said(err)), "an error that says so", err)
	}
}
