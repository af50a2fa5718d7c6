package lesson

// The rest of lesson 06's cases: errors, two coroutines, and ends in disorder.
// Read coroutine.go first.

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/trial"
)

func coroThrow(impl Impl) {
	c := newTidy(impl, func(yield coro.Yield) (any, error) {
		if v, err := yield(1); v != nil || err != io.EOF {
			return nil, fmt.Errorf("the yield returned %v, %v", v, err)
		}
		if _, err := yield(2); err != nil {
			return nil, fmt.Errorf("the next yield returned this error too: %w", err)
		}
		_, err := yield(3)
		return "part", err
	})
	defer c.end()
	c.Send(nil)
	if out, more := c.Throw(io.EOF); out != 2 || !more {
		_, err := c.Result()
		fail("throw io.EOF at a yield", fmt.Sprintf("%v, %v; the body's result is %s", out, more, trial.Said(err)), "the yield to return io.EOF, and the body to go on", err)
	}
	if out, more := c.Send("on"); out != 3 || !more {
		_, err := c.Result()
		fail("throw io.EOF, and then send a value", fmt.Sprintf("%v, %v; the body's result is %s", out, more, trial.Said(err)), "the next yield to return no error, and the body to go on", err)
	}
	out, more := c.Throw(io.ErrUnexpectedEOF)
	if v, err := c.Result(); out != nil || more || v != "part" || !errors.Is(err, io.ErrUnexpectedEOF) {
		fail("throw an error that the body returns, beside a value", fmt.Sprintf("%v, %v, and the result %v and %s", out, more, v, said(err, io.ErrUnexpectedEOF)), "the end, with this value and this error as its result", err)
	}
}

func coroThrowFirst(impl Impl) {
	ran := false
	c := newTidy(impl, func(yield coro.Yield) (any, error) { ran = true; return yield(1) })
	defer c.end()
	out, more := c.Throw(io.EOF)
	if out != nil || more || ran {
		fail("throw io.EOF before the first send", fmt.Sprintf("%v, %v, and a body that ran: %v", out, more, ran), "nil, false, and a body that never runs", nil)
	}
	follow(c, step{nil, nil, false})
	_, err := c.Result()
	wantError("throw io.EOF before the first send, and ask for the result", err, io.EOF)
	leavesNone("throw io.EOF into each before the first send", impl,
		func(coro.Yield) (any, error) { return nil, nil },
		func(c Generator) { c.Throw(io.EOF) })
}

// coroTwo takes turns with two. The second one is sent to first: if both waited at one
// channel, the first one would get it.
func coroTwo(impl Impl) {
	sums := func(sum int) coro.Body {
		return func(yield coro.Yield) (any, error) {
			for range 3 {
				v, err := yield(sum)
				if err != nil {
					return nil, err
				}
				sum += v.(int)
			}
			return sum, nil
		}
	}
	a, b := newTidy(impl, sums(0)), newTidy(impl, sums(100))
	defer a.end()
	defer b.end()
	follow(a, step{nil, 0, true})
	follow(b, step{nil, 100, true})
	for _, s := range []struct{ b, a step }{
		{step{10, 110, true}, step{1, 1, true}},
		{step{20, 130, true}, step{2, 3, true}},
		{step{30, nil, false}, step{3, nil, false}},
	} {
		follow(b, s.b)
		follow(a, s.a)
	}
	wantResult("take turns with two coroutines, and look at the first", a, 6)
	wantResult("take turns with two coroutines, and look at the second", b, 160)
}

// coroGoexit resumes in a goroutine of its own: a coroutine may end the goroutine of
// its caller too, as iter.Pull does.
func coroGoexit(impl Impl) {
	c := impl.NewCoro(func(yield coro.Yield) (any, error) {
		_, _ = yield("begun")
		runtime.Goexit()
		return nil, nil
	})
	over := make(chan bool)
	go func() {
		defer close(over)
		c.Send(nil)
		c.Send(nil)
	}()
	<-over
	const tried = "the body calls runtime.Goexit"
	switch v, err := c.Result(); {
	case err == nil:
		fail(tried, fmt.Sprintf("the result %v and no error", v), "an error that says so", nil)
	case errors.Is(err, coro.ErrNotFinished):
		fail(tried, "a result that says that the body hasn't finished", "an error that says how it ended", err)
	}
}

// coroPanic ends the whole program if the code doesn't catch the panic, so the
// panic itself says what to do.
func coroPanic(impl Impl) {
	c := newTidy(impl, func(yield coro.Yield) (any, error) {
		_, _ = yield(nil)
		panic("boom: this is case G03, the body panics; catch it with recover, in the goroutine that calls the body")
	})
	defer c.end()
	follow(c, step{nil, nil, true}, step{nil, nil, false})
	if v, err := c.Result(); v != nil || err == nil || !strings.Contains(err.Error(), "boom") {
		fail(`the body panics with "boom"`, fmt.Sprintf("the result %v and %s", v, trial.Said(err)), "no value, and an error that says so", err)
	}
	c = newTidy(impl, func(coro.Yield) (any, error) { panic(io.ErrUnexpectedEOF) })
	follow(c, step{nil, nil, false})
	if _, err := c.Result(); err == nil || !strings.Contains(err.Error(), io.ErrUnexpectedEOF.Error()) {
		fail("the body panics with io.ErrUnexpectedEOF", "the result "+trial.Said(err), "an error that says so", err)
	} else if err == io.ErrUnexpectedEOF {
		fail("the body panics with io.ErrUnexpectedEOF", "the result of a body that returned this error", "an error that says that it panicked", err)
	}
	c = newTidy(impl, func(yield coro.Yield) (any, error) {
		_, _ = yield(nil)
		panic("boom: this is case G03, the body panics while it is closed; catch it with recover there, too")
	})
	c.Send(nil)
	c.Close()
	if _, err := c.Result(); err == nil || !strings.Contains(err.Error(), "boom") {
		fail(`the body panics with "boom" when it is closed`, "the result "+trial.Said(err), "an error that says so", err)
	}
}
