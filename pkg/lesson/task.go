package lesson

import (
	"fmt"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// Task judges lesson 07: who resumes the coroutine? It judges one
// function, step, which resumes the coroutine and then sees to it that it is called
// again when what was yielded is done, or that done gets the body's outcome.
var Task = Lesson{
	Number: 7, Name: "task", Code: "task",
	Question: "who resumes the coroutine?",
	Able:     "say who wakes your function, and with what",
	Judges:   "Step", Wrong: wrongTasks, Hints: taskHints, Needs: map[string][]string{
		"T34": {"T33"}, "T04": {"T33"}, "T37": {"T04"}, "T05": {"T04", "T34"}, "U06": {"T33"}, "U14": {"T33"},
	},
	Cases: []Case{
		{"T01", "the body returns, or fails", "code that waits for the task waits forever, or takes a failure for a result", onEngine(taskEnds)},
		{"T33", "the result lands at the yield", "a coroutine that nobody resumes is forgotten", onEngine(taskResult)},
		{"T34", "errors land there too, and the body goes on", "a wait that failed looks like a success", onEngine(taskError)},
		{"T04", "what it waits for is canceled", "a task that was given up must say so, and must end", onEngine(taskCanceled)},
		{"T37", "it is canceled for a reason", "the error is then more than future.ErrCanceled: code that compares it by == waits forever, and the body asks for the reason", onEngine(taskCanceledFor)},
		{"T05", "what it waits for is canceled, and the body goes on", "whether a cancellation is the end is for the body to say", onEngine(taskGoesOn)},
		{"T35", "a bare yield", "it only asks for a turn for the others", onEngine(taskBare)},
		{"T11", "something that isn't a future", "a bug in one body must not end the loop", onEngine(taskNoFuture)},
		{"U06", "two thousand finished futures in a row", "steps inside steps, 2000 deep, overflow the stack, and nobody else gets a turn", onEngine(taskManyDone)},
		{"U14", "two tasks at once", "both have asked, so both must be told, and each its own result", onEngine(taskTwo)},
		{"G03", "the body panics", "a bug in one body ends the loop for all", onEngine(taskPanic)},
	},
}

// engine is a loop without sockets, and what a case does with it.
type engine struct {
	*loop.Loop
	impl    Impl
	escaped func() error // the first error that escaped into the loop
}

// onEngine makes a case of body: it hands body an engine, and closes the engine
// afterwards.
func onEngine(body func(e *engine)) func(Impl) {
	return func(impl Impl) {
		trial.Must(trial.WithLoop(nil, func(l *loop.Loop, escaped func() error) error {
			body(&engine{l, impl, escaped})
			return nil
		}))
	}
}

// spawn makes a task with the step that is judged: a coroutine, and the future
// of its end. Without a step it is the library's Task.
func (e *engine) spawn(body coro.Body) task.Awaitable {
	if e.impl.Step == nil {
		return task.Spawn(e.Loop, body)
	}
	c, done := coro.New(body), future.New(e.Loop)
	e.Site().Own(&ending{c})
	e.CallSoon(func() { e.impl.Step(c, done, nil, nil) })
	return done
}

// ending closes a coroutine with the loop, whether or not it has ended.
type ending struct{ c *coro.Coro }

func (e *ending) Close() error { e.c.Close(); return nil }

// drain runs rounds until nothing is left to do, and counts them. Code that always
// leaves something to do keeps the loop from sleeping, and fails.
func (e *engine) drain() int {
	n := 0
	for ; e.escaped() == nil && e.Round() == nil; n++ {
		if n == mostTurns {
			trial.Must(trial.NeverSlept(n))
		}
	}
	return n
}

// wantEnd expects done to have ended, with a result that prints as want.
func wantEnd(tried string, done task.Awaitable, want string) {
	wantEnded(tried, done, want)
	v, err := done.Result()
	if got := fmt.Sprintf("%v, %v", v, err); got != want {
		fail(tried, got, want, err)
	}
}

// wantEnded expects done to have ended.
func wantEnded(tried string, done task.Awaitable, want string) {
	if !done.Done() {
		fail(tried, "a task that is still pending: its step wasn't called again, or done wasn't ended", want, future.ErrNotReady)
	}
}

// named is v in words.
func named(v any) string {
	switch v := v.(type) {
	case *future.Future:
		return "a future"
	case error:
		return "the value " + v.Error()
	}
	return fmt.Sprint(v)
}

func taskResult(e *engine) {
	first, second := future.New(e.Loop), future.New(e.Loop)
	done := e.spawn(func(yield coro.Yield) (any, error) {
		a, _ := yield(first)
		b, _ := yield(second)
		return fmt.Sprint(a, " ", b), nil
	})
	if e.drain(); done.Done() {
		wantEnd("a body that waits for a pending future", done, "it to wait")
	}
	_ = first.SetResult("one")
	e.drain()
	_ = second.SetResult("two")
	e.drain()
	wantEnd("a body that waits for one, and then for two", done, "one two, <nil>")
	for _, value := range []any{nil, io.EOF, future.New(e.Loop)} { // an error or a future is a value like any other
		f := future.New(e.Loop)
		_ = f.SetResult(value)
		done := e.spawn(func(yield coro.Yield) (any, error) {
			v, err := yield(f)
			return v == value && err == nil, nil
		})
		e.drain()
		wantEnd("a body that waits for a future, whose result is "+named(value)+", and returns whether its yield returned that", done, "true, <nil>")
	}
}

func taskError(e *engine) {
	first, second, third := future.New(e.Loop), future.New(e.Loop), future.New(e.Loop)
	done := e.spawn(func(yield coro.Yield) (any, error) {
		_, a := yield(first)
		_, b := yield(second)
		c, _ := yield(third)
		return fmt.Sprint(a, ", ", b, " ", c), nil
	})
	_ = first.SetError(io.ErrUnexpectedEOF)
	_ = second.SetError(io.ErrClosedPipe)
	_ = third.SetResult("and on")
	e.drain()
	wantEnd("a body that gets an error at its first wait, and at its second, and waits again", done,
		"unexpected EOF, io: read/write on closed pipe and on, <nil>")
}

func taskBare(e *engine) {
	wantTurns(e, "nil", nil, "<nil> <nil>")
	f := future.New(e.Loop)
	_ = f.SetResult("old")
	done := e.spawn(func(yield coro.Yield) (any, error) {
		_, _ = yield(f)
		return yield(nil)
	})
	e.drain()
	wantEnd("a body that awaits a future, and returns what a bare yield returns after it", done, "<nil>, <nil>")
	failed := future.New(e.Loop)
	_ = failed.SetError(io.ErrUnexpectedEOF)
	done = e.spawn(func(yield coro.Yield) (any, error) {
		_, _ = yield(failed)
		return yield(nil)
	})
	e.drain()
	wantEnd("a body that awaits a future with an error, and returns what a bare yield returns after it", done, "<nil>, <nil>")
}

// wantTurns has a body yield out three times, beside another callback, and expects them
// to take turns. Each yield returns what prints as back.
func wantTurns(e *engine, what string, out any, back string) {
	var notes []string
	done := e.spawn(func(yield coro.Yield) (any, error) {
		for i := range 3 {
			notes = append(notes, fmt.Sprint("task ", i))
			v, err := yield(out)
			if said := fmt.Sprint(v, " ", err); said != back && back != "" {
				return nil, fmt.Errorf("the yield returned %s", said)
			}
		}
		return nil, nil
	})
	for i := range 3 {
		e.CallSoon(func() { notes = append(notes, fmt.Sprint("other ", i)) })
		_ = e.Round()
	}
	e.drain()
	tried := "a body that yields " + what + " three times"
	wantEnd(tried, done, "<nil>, <nil>")
	wantHeard(tried+", beside another callback", notes,
		[]string{"task 0", "other 0", "task 1", "other 1", "task 2", "other 2"})
}

func taskNoFuture(e *engine) {
	for _, out := range []any{"no future", 42} {
		done := e.spawn(func(yield coro.Yield) (any, error) {
			_, err := yield(out)
			return err != nil, nil
		})
		e.drain()
		wantEnd(fmt.Sprintf("a body that yields %#v, and returns whether it got an error", out), done, "true, <nil>")
	}
	wantTurns(e, "a string", "no future", "")
}

// taskManyDone counts the scheduler's turns, instead of letting steps overflow
// the stack, which nothing survives.
func taskManyDone(e *engine) {
	const many = 2000
	f := future.New(e.Loop)
	_ = f.SetResult(1)
	done := e.spawn(func(yield coro.Yield) (any, error) {
		sum := 0
		for range many {
			if v, err := yield(f); err == nil && v == 1 {
				sum++
			}
		}
		return sum, nil
	})
	turns := e.drain()
	tried := fmt.Sprintf("a body that awaits %d futures that are done", many)
	wantEnd(tried, done, fmt.Sprintf("%d, <nil>", many))
	if turns < many {
		fail(tried, fmt.Sprintf("all of it in %d turns of the scheduler", turns), "a turn for each", nil)
	}
}

// taskTwo has two tasks wait for one future, and then for one each.
func taskTwo(e *engine) {
	one, two := future.New(e.Loop), future.New(e.Loop)
	for _, c := range []struct {
		what          string
		first, second *future.Future
		want          string
	}{
		{"wait for one future", one, one, "one, <nil>"},
		{"wait for a future each", future.New(e.Loop), two, "two, <nil>"},
	} {
		first := e.spawn(func(yield coro.Yield) (any, error) { return yield(c.first) })
		second := e.spawn(func(yield coro.Yield) (any, error) { return yield(c.second) })
		e.drain()
		_ = c.first.SetResult("one")
		_ = c.second.SetResult("two")
		e.drain()
		wantEnd("the first of two tasks that "+c.what, first, "one, <nil>")
		wantEnd("the second of two tasks that "+c.what, second, c.want)
	}
}
