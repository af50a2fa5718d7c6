package lesson

// The first half of lesson 15: a task that is canceled at any moment of its life. Read
// cancel.go first.

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
)

// cancelAsBefore runs the cases of lesson 07.
func cancelAsBefore(impl Impl) {
	before := Impl{}
	if impl.NewTask != nil {
		before.Step = func(c *coro.Coro, done *future.Future, value any, err error) {
			impl.NewTask(c, done).Step(value, err)
		}
	}
	for _, c := range Task.Cases {
		c.Run(before)
	}
}

func cancelWaits(e *engine) {
	const tried = "Cancel of a task that waits for a Future"
	var notes []string
	f := future.New(e.Loop)
	j := e.job(func(yield coro.Yield) (any, error) {
		defer func() { notes = append(notes, "defer") }()
		v, err := yield(f)
		notes = append(notes, waitEnded(v, err))
		return nil, err
	})
	e.drain()
	j.canceled(tried, nil)
	switch {
	case len(notes) > 0:
		fail(tried, "a body that was resumed inside Cancel", "the loop to resume it, soon", nil)
	case j.end.Done():
		fail(tried, "a task that has ended before its body has had its turn", "the body to clean up first", nil)
	}
	e.drain()
	wantHeard(tried+", and what its body hears", notes, []string{"canceled", "defer"})
	wantEnd(tried, j.end, "<nil>, canceled")
	if f.State() != future.Canceled {
		fail(tried+", and then look at the Future", "one that is "+f.State().String(), "one that is canceled: nobody waits for it now", nil)
	}
}

// cancelCause cancels for a reason at each moment of a task's life.
func cancelCause(e *engine) {
	done := future.New(e.Loop)
	_ = done.SetResult(nil)
	for _, c := range []struct {
		tried  string
		wait   any
		rounds int // before Cancel; with none it has not begun
	}{
		{"Cancel of a task that waits for a Future", future.New(e.Loop), 1},
		{"Cancel of a task at a bare yield", nil, 1},
		{"Cancel of a task that waits for a Future which is done", done, 1},
		{"Cancel of a task that has not begun", nil, 0},
	} {
		var heard error
		j := e.job(func(yield coro.Yield) (any, error) {
			_, heard = yield(c.wait)
			return nil, heard
		})
		for range c.rounds {
			_ = e.Round()
		}
		tried := c.tried + ", with io.ErrClosedPipe as its reason"
		j.canceled(tried, io.ErrClosedPipe)
		e.drain()
		if c.rounds > 0 {
			wantReason(tried+", and what its body hears", heard)
		}
		wantReason(tried+", and its end", j.error(tried))
	}
	var j job
	j = e.job(func(yield coro.Yield) (any, error) {
		_ = j.cancel(io.ErrClosedPipe)
		return yield(future.New(e.Loop))
	})
	e.drain()
	const tried = "a body that cancels its own task, with io.ErrClosedPipe as the reason, and then waits"
	wantReason(tried, j.error(tried))
}

// error is the error that j has ended with.
func (j job) error(tried string) error {
	if !j.end.Done() {
		wantEnd(tried, j.end, "<nil>, canceled")
	}
	_, err := j.end.Result()
	return err
}

func wantReason(tried string, err error) {
	wantError(tried, err, future.ErrCanceled)
	wantError(tried, err, io.ErrClosedPipe)
}

func cancelEarly(e *engine) {
	const tried = "Cancel of a task that has not begun"
	var notes []string
	j := e.job(func(yield coro.Yield) (any, error) {
		notes = append(notes, "the body runs")
		_, err := yield(nil)
		return nil, err
	})
	j.canceled(tried, nil)
	if j.end.Done() {
		fail(tried, "a task that has ended inside Cancel", "the loop to end it, soon", nil)
	}
	e.drain()
	wantHeard(tried+", and what its body does", notes, nil)
	wantEnd(tried, j.end, "<nil>, canceled")
	if !j.over() {
		fail(tried+", and then look at its coroutine", "one that waits to begin, and keeps a goroutine", "one that has ended", nil)
	}
}

func cancelBare(e *engine) {
	const tried = "Cancel of a task at a bare yield"
	e.hearsOnce(tried, nil, func(j job) { j.canceled(tried, nil) })
}

func cancelSelf(e *engine) {
	f, done := future.New(e.Loop), future.New(e.Loop)
	_ = done.SetResult("done")
	for _, then := range []struct {
		does string
		wait any
	}{
		{"waits for a Future", f},
		{"makes a bare yield", nil},
		{"waits for a Future that is done", done},
	} {
		e.cancelsItself("a body that cancels its own task, and then "+then.does, "<nil>, canceled",
			func(yield coro.Yield) (any, error) { return yield(then.wait) })
	}
	if f.State() != future.Canceled {
		fail("a body that cancels its own task, and then waits for a Future", "a Future that is "+f.State().String(), "one that is canceled: nobody waits for it now", nil)
	}
	e.cancelsItself("a body that cancels its own task, and returns without a wait", "done, <nil>",
		func(coro.Yield) (any, error) { return "done", nil })
}

// cancelsItself runs a body that cancels its own task, and then goes on with rest. It
// expects this end.
func (e *engine) cancelsItself(tried, want string, rest coro.Body) {
	var j job
	alive := false
	j = e.job(func(yield coro.Yield) (any, error) {
		alive = j.cancel(nil)
		return rest(yield)
	})
	e.drain()
	wantEnd(tried, j.end, want)
	if !alive {
		fail(tried, "false from Cancel", "true: the task was alive", nil)
	}
}

func cancelLate(e *engine) {
	for _, ends := range []struct {
		how  string
		with func(f *future.Future) error
	}{
		{"end the Future", func(f *future.Future) error { return f.SetResult("kept") }},
		{"end with an error the Future", func(f *future.Future) error { return f.SetError(io.ErrUnexpectedEOF) }},
	} {
		tried := ends.how + " that a task waits for, and Cancel the task in the same round"
		f := future.New(e.Loop)
		j := e.hearsOnce(tried, f, func(j job) {
			_ = ends.with(f)
			j.canceled(tried, nil)
		})
		wantEnd(tried, j.end, "the end, <nil>")
	}
}

// hearsOnce expects a body that waits for wait, and then for another Future, to hear of one
// cancellation when cancels has been called, and of no other.
func (e *engine) hearsOnce(tried string, wait any, cancels func(j job)) job {
	var notes []string
	second := future.New(e.Loop)
	j := e.job(listening(&notes, wait, second))
	_ = e.Round()
	cancels(j)
	e.drain()
	wantHeard(tried+", and what its body hears, which then waits for another Future", notes, []string{"canceled"})
	_ = second.SetResult("second")
	e.drain()
	wantHeard(tried+", and what its body hears when the other Future is done", notes, []string{"canceled", "second"})
	return j
}

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
