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
	const again = "Cancel of a task whose body goes on after a Cancel for another reason"
	j = e.job(func(yield coro.Yield) (any, error) {
		_, _ = yield(future.New(e.Loop))
		return yield(future.New(e.Loop))
	})
	_ = e.Round()
	j.canceled(again, io.ErrShortWrite)
	e.drain()
	j.canceled(again+", with io.ErrClosedPipe as its reason", io.ErrClosedPipe)
	e.drain()
	wantReason(again+", and its end", j.error(again))
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
