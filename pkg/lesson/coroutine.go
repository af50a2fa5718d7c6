package lesson

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/trial"
)

// Generator is what lesson 06 builds: a function that can pause. It has the
// methods of Python's generators; *coro.Coro is one.
//
// Send and Throw run the body to its next yield and return what it yielded, and
// true; or nil and false, if the body has ended. Before the end, Result returns an
// error. Close ends the body where it stands: its yield returns coro.ErrClosed.
type Generator interface {
	Send(v any) (out any, more bool)
	Throw(err error) (out any, more bool)
	Close()
	Result() (any, error)
}

func newCoro(body coro.Body) Generator { return coro.New(body) }

// Coroutine judges lesson 06: a function that can pause.
var Coroutine = Lesson{
	Number: 6, Name: "coroutine", Code: "coro",
	Question: "how does a function pause?",
	Able:     "stop a function in its middle, and go on from there",
	Judges:   "NewCoro", Wrong: wrongCoroutines, Hints: coroutineHints, Needs: map[string][]string{"G13": {"G14"}, "G18": {"G14"}, "G05": {"G02"}, "G07": {"G17"}},
	Cases: []Case{
		{"G14", "values go in both directions", "what is sent must be what the yield returns, or every answer goes to the wrong question", coroBothWays},
		{"G16", "nothing runs before the first send", "the caller that makes it may not be ready yet", coroFirstSend},
		{"G13", "the yield is deep down", "plain calls must carry a yield; otherwise every function on the way would have to know about it", coroDeep},
		{"G15", "an error is thrown in", "a wait that failed must fail at the place that waits", coroThrow},
		{"G17", "an error is thrown in before it began", "there is no yield yet that could return the error, so nobody in the body would hear of it", coroThrowFirst},
		{"G07", "asked after the end", "a caller that asks once too often must not wait forever", coroAfterEnd},
		{"G02", "closed in the middle", "what the body holds is never released", coroClose},
		{"G01", "closed before it began", "a coroutine that nobody needs anymore keeps its goroutine forever", coroCloseUnstarted},
		{"G05", "it yields on after it was closed", "Close waits for a body that waits for Close", coroYieldsOn},
		{"G03", "the body panics", "a bug in one body ends the whole program", coroPanic},
		{"G18", "two at once", "what two coroutines share, the second one takes away from the first", coroTwo},
		{"G11", "the body ends its goroutine", "an end that isn't noticed is a caller that waits forever, or that takes nothing for a result", coroGoexit},
	},
}

// step is one resumption, and its expected outcome.
type step struct {
	send any
	out  any
	more bool
}

// tidy is a coroutine that a case closes when it is done with it, unless it has ended: what
// Close does after the end is judged by G07 and G02 alone.
type tidy struct {
	Generator
	ended bool
}

func newTidy(impl Impl, body coro.Body) *tidy { return &tidy{Generator: impl.NewCoro(body)} }

func (c *tidy) Send(v any) (any, bool) {
	out, more := c.Generator.Send(v)
	c.ended = !more
	return out, more
}

func (c *tidy) Throw(err error) (any, bool) {
	out, more := c.Generator.Throw(err)
	c.ended = !more
	return out, more
}

func (c *tidy) end() {
	if !c.ended {
		c.Close()
	}
}

// follow sends what the steps say and expects their outputs.
func follow(c Generator, steps ...step) {
	for i, s := range steps {
		out, more := c.Send(s.send)
		if out != s.out || more != s.more {
			_, err := c.Result()
			fail(fmt.Sprintf("send number %d, of %v", i+1, s.send), fmt.Sprintf("%v, %v", out, more), fmt.Sprintf("%v, %v", s.out, s.more), err)
		}
	}
}

func wantResult(tried string, c Generator, want any) {
	if v, err := c.Result(); err != nil || v != want {
		fail(tried, fmt.Sprintf("the result %v and %s", v, trial.Said(err)), fmt.Sprintf("the result %v and no error", want), err)
	}
}

func coroBothWays(impl Impl) {
	c := newTidy(impl, func(yield coro.Yield) (any, error) {
		first, _ := yield("name?")
		second, _ := yield("age?")
		return fmt.Sprint(first, " ", second), nil
	})
	defer c.end()
	unfinished("Result before the first send", c)
	follow(c, step{nil, "name?", true})
	unfinished("Result before the end", c)
	follow(c, step{"Ann", "age?", true}, step{7, nil, false})
	wantResult("send Ann and 7", c, "Ann 7")
}

func unfinished(tried string, c Generator) {
	if v, err := c.Result(); err == nil {
		fail(tried, fmt.Sprintf("%v and no error", v), "an error", nil)
	}
}

func coroFirstSend(impl Impl) {
	ran := make(chan bool, 1)
	c := newTidy(impl, func(yield coro.Yield) (any, error) {
		ran <- true
		return yield(nil)
	})
	defer c.end()
	for range 100 {
		runtime.Gosched() // a goroutine that was started may need a turn
	}
	if len(ran) > 0 {
		fail("make a coroutine and send nothing", "a body that runs", "the body to wait for the first send", nil)
	}
	c.Send(nil)
	if len(ran) == 0 {
		fail("the first send", "a body that hadn't run when it returned", "the body to run to its first yield", nil)
	}
}

func coroDeep(impl Impl) {
	var ask func(yield coro.Yield, depth int) (any, error)
	ask = func(yield coro.Yield, depth int) (any, error) {
		if depth == 0 {
			return yield("deep down")
		}
		return ask(yield, depth-1)
	}
	c := newTidy(impl, func(yield coro.Yield) (any, error) { return ask(yield, 1000) })
	defer c.end()
	follow(c, step{nil, "deep down", true}, step{"up again", nil, false})
	wantResult("send to a yield that is 1000 calls deep", c, "up again")
}

func coroAfterEnd(impl Impl) {
	c := impl.NewCoro(func(coro.Yield) (any, error) { return "done", nil })
	c.Send(nil)
	follow(c, step{nil, nil, false}, step{1, nil, false})
	if out, more := c.Throw(io.EOF); out != nil || more {
		fail("throw after the end", fmt.Sprintf("%v, %v", out, more), "nil, false", nil)
	}
	c.Close()
	c.Close()
	wantResult("send, throw and close after the end, twice", c, "done")
	c = impl.NewCoro(func(coro.Yield) (any, error) { return nil, nil })
	c.Throw(io.EOF)
	c.Close()
	_, err := c.Result()
	wantError("throw io.EOF before the first send, close, and ask for the result", err, io.EOF)
}

func coroClose(impl Impl) {
	var notes []string
	c := impl.NewCoro(func(yield coro.Yield) (any, error) {
		defer func() { notes = append(notes, "defer") }()
		_, err := yield(nil)
		notes = append(notes, fmt.Sprintf("the yield returned %v", err))
		return nil, err
	})
	c.Send(nil)
	c.Close()
	want := []string{fmt.Sprintf("the yield returned %v", coro.ErrClosed), "defer"}
	wantHeard("Close of a body that stands at a yield", notes, want)
	_, err := c.Result()
	wantError("Close of a body that then returns the yield's error, and ask for its result", err, coro.ErrClosed)
	c.Close()
	follow(c, step{nil, nil, false})
	c = impl.NewCoro(func(yield coro.Yield) (any, error) {
		_, _ = yield(nil)
		return 7, nil
	})
	c.Send(nil)
	c.Close()
	wantResult("Close of a body that then returns 7 and no error", c, 7)
}

// leavesNone makes a hundred coroutines, does end to each, and expects their goroutines
// to be gone.
func leavesNone(tried string, impl Impl, body coro.Body, end func(Generator)) {
	const many, noise = 100, 50
	before := runtime.NumGoroutine()
	for range many {
		end(impl.NewCoro(body))
	}
	for late := time.Now().Add(limit / 10); runtime.NumGoroutine() > before+noise; { // one that has ended may still be counted
		if trial.Parked() > noise || time.Now().After(late) {
			fail(fmt.Sprintf("make %d coroutines and %s", many, tried), "goroutines left behind", "none", nil)
		}
		time.Sleep(time.Millisecond)
	}
}

func coroCloseUnstarted(impl Impl) {
	ran := make(chan bool, 100)
	body := func(coro.Yield) (any, error) { ran <- true; return nil, nil }
	leavesNone("close them", impl, body, Generator.Close)
	c := impl.NewCoro(func(coro.Yield) (any, error) { return nil, nil })
	c.Close()
	_, err := c.Result()
	wantError("close a coroutine before the first send, and ask for its result", err, coro.ErrClosed)
	c.Close()
	follow(c, step{nil, nil, false})
	if len(ran) > 0 {
		fail("close a coroutine before the first send", "a body that ran", "the body never to run", nil)
	}
}

func coroYieldsOn(impl Impl) {
	var notes []string
	c := impl.NewCoro(func(yield coro.Yield) (any, error) {
		for range 3 {
			_, err := yield("more")
			notes = append(notes, fmt.Sprint(err))
		}
		return nil, nil
	})
	c.Send(nil)
	c.Close()
	closed := coro.ErrClosed.Error()
	wantHeard("Close of a body that yields twice more", notes, []string{closed, closed, closed})
}
