package lesson

// The cases of lesson 15 in which a task is canceled more than once, or late, and what its
// clean-up may do. Read cancel_task.go first.

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
)

func cancelTwice(e *engine) {
	f := future.New(e.Loop)
	both := "cancel the Future, and then the task that waits for it, in one round"
	e.hearsOnce(both, f, func(j job) {
		f.Cancel()
		j.canceled(both, nil)
	})
	for _, of := range []struct {
		tried string
		wait  any
	}{
		{"Cancel a task that waits for a Future, twice in a round", future.New(e.Loop)},
		{"Cancel a task at a bare yield, twice in a round", nil},
	} {
		e.hearsOnce(of.tried, of.wait, func(j job) {
			j.canceled(of.tried, nil)
			j.canceled(of.tried, nil)
		})
	}
	const early = "Cancel a task that has not begun, twice"
	j := e.job(listening(new([]string), nil))
	j.canceled(early, nil)
	j.canceled(early, nil)
	e.drain()
	wantEnd(early, j.end, "<nil>, canceled")
}

func cancelSwallowed(e *engine) {
	var notes []string
	third := future.New(e.Loop)
	j := e.job(listening(&notes, future.New(e.Loop), future.New(e.Loop), third))
	e.drain()
	for i, tried := range []string{"Cancel of a task whose body goes on, and waits again", "a second Cancel of a task whose body has gone on after the first"} {
		j.canceled(tried, nil)
		e.drain()
		wantHeard(tried+", and what the body hears", notes, []string{"canceled", "canceled"}[:i+1])
	}
	_ = third.SetResult("third")
	e.drain()
	wantHeard("a body that goes on after two Cancels, and waits for a third Future", notes, []string{"canceled", "canceled", "third"})
	wantEnd("a body that goes on after two Cancels, and returns", j.end, "the end, <nil>")
}

func cancelCleanUp(e *engine) {
	const tried = "Cancel of a task whose clean-up waits for a Future"
	var notes []string
	f, flushed := future.New(e.Loop), future.New(e.Loop)
	j := e.job(func(yield coro.Yield) (any, error) {
		defer func() {
			v, err := yield(flushed)
			notes = append(notes, "clean-up: "+waitEnded(v, err))
		}()
		return yield(f)
	})
	e.drain()
	j.canceled(tried, nil)
	e.drain()
	if j.end.Done() {
		fail(tried, "a task that has ended before that Future is done", "the task to wait for its clean-up", nil)
	}
	wantHeard(tried+", before that Future is done", notes, nil)
	_ = flushed.SetResult("flushed")
	e.drain()
	wantHeard(tried, notes, []string{"clean-up: flushed"})
	wantEnd(tried, j.end, "<nil>, canceled")
}

func cancelFails(e *engine) {
	f := future.New(e.Loop)
	j := e.job(func(yield coro.Yield) (any, error) {
		_, _ = yield(f)
		return nil, io.ErrShortWrite
	})
	e.drain()
	j.canceled("Cancel of a task that waits", nil)
	e.drain()
	wantEnd("Cancel of a task whose body then returns io.ErrShortWrite", j.end, "<nil>, short write")
}

func cancelEnded(e *engine) {
	f := future.New(e.Loop)
	for _, body := range []coro.Body{
		func(coro.Yield) (any, error) { return 42, nil },
		func(yield coro.Yield) (any, error) { return yield(f) },
	} {
		const tried = "Cancel of a task that has returned 42"
		j := e.job(body)
		_ = e.Round()
		if !f.Done() {
			_ = f.SetResult(42)
		}
		e.drain()
		wantEnd("a body that returns 42", j.end, "42, <nil>")
		if j.cancel(nil) {
			fail(tried, "true", "false: it has ended", nil)
		}
		e.drain()
		wantEnd(tried, j.end, "42, <nil>")
	}
}

func cancelOne(e *engine) {
	var one, other []string
	f, g := future.New(e.Loop), future.New(e.Loop)
	first, second := e.job(listening(&one, f)), e.job(listening(&other, g))
	e.drain()
	first.canceled("Cancel of the first of two tasks", nil)
	e.drain()
	wantHeard("Cancel of the first of two tasks, and what that one hears", one, []string{"canceled"})
	wantHeard("Cancel of the first of two tasks, and what the other one hears", other, nil)
	_ = g.SetResult("here")
	e.drain()
	wantHeard("Cancel of the first of two tasks, and what the other one hears when its Future is done", other, []string{"here"})
	wantEnd("the other one of two tasks", second.end, "the end, <nil>")
}
