package lesson

// The cases of lesson 13 that judge a gather. Read together.go first.

import (
	"errors"
	"fmt"
	"io"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// gathering is a task in gather.
type gathering struct {
	*task.Task
	values []any
	err    error
	over   bool // gather has returned
}

// gather has a task gather as, and runs it as far as it goes.
func (e *engine) gather(as ...task.Awaitable) *gathering {
	g := &gathering{}
	g.Task = task.Spawn(e.Loop, func(yield coro.Yield) (any, error) {
		g.values, g.err = e.impl.Gather(yield, as...)
		g.over = true
		return nil, nil
	})
	e.settle(g.Task)
	return g
}

// settle runs the loop until it sleeps: what can happen has happened. Code that keeps it
// awake ends the case, as does a panic in one of tasks.
func (e *engine) settle(tasks ...*task.Task) {
	defer e.CallLater(time.Hour, func() {}).Cancel() // something to sleep for
	quiet := task.Spawn(e.Loop, func(yield coro.Yield) (any, error) { return nil, trial.Settle(yield, e.Loop) })
	for !quiet.Done() && e.escaped() == nil {
		noError("run the loop", e.Round())
	}
	trial.Must(e.escaped())
	_, err := quiet.Result()
	trial.Must(err)
	for _, t := range tasks {
		var panicked *coro.PanicError
		if _, err := t.Result(); errors.As(err, &panicked) {
			trial.Must(err)
		}
	}
}

// said is what gather has said so far.
func (g *gathering) said() string {
	switch {
	case !g.over:
		return "nothing yet: it waits"
	case g.err != nil:
		return trial.Said(g.err)
	}
	return fmt.Sprint(g.values, " and no error")
}

// wants expects gather to have returned this.
func (g *gathering) wants(tried, want string) {
	if got := g.said(); got != want {
		fail(tried, got, want, g.err)
	}
}

// wantsError expects gather to have returned an error that is want.
func (g *gathering) wantsError(tried string, want error) {
	if !errors.Is(g.err, want) {
		fail(tried, g.said(), trial.Said(want), g.err)
	}
}

// children are tasks that each wait for a future, and return what it holds.
func (e *engine) children(n int) (as []task.Awaitable, fs []*future.Future) {
	for range n {
		f := future.New(e.Loop)
		as, fs = append(as, task.Spawn(e.Loop, func(yield coro.Yield) (any, error) { return task.Await(yield, f) })), append(fs, f)
	}
	e.settle()
	return as, fs
}

func gatherOrder(e *engine) {
	as, fs := e.children(3)
	g := e.gather(as...)
	g.still(e, "gather three that are pending")
	for n, i := range []int{2, 0, 1} {
		_ = fs[i].SetResult(string(rune('a' + i)))
		if e.settle(g.Task); n < 2 {
			g.still(e, fmt.Sprintf("gather three of which %d has ended", n+1))
		}
	}
	g.wants("gather a, b and c, of which c ends first, and then a and b", "[a b c] and no error")
}

// still expects gather not to have returned.
func (g *gathering) still(e *engine, tried string) {
	e.settle(g.Task)
	if g.over {
		fail(tried, g.said(), "it to wait", g.err)
	}
}

func gatherNone(e *engine) {
	e.gather().wants("gather without arguments", "[] and no error")
}

func gatherDone(e *engine) {
	as, fs := e.children(2)
	_ = fs[0].SetResult("a")
	_ = fs[1].SetResult(nil)
	e.settle()
	e.gather(as...).wants("gather two that have ended, one with a and one with nil", "[a <nil>] and no error")
	as, fs = e.children(2)
	_ = fs[0].SetResult("a")
	e.settle()
	g := e.gather(as...)
	g.still(e, "gather one that has ended and one that has not")
	_ = fs[1].SetResult("b")
	e.settle(g.Task)
	g.wants("gather one that has ended and one that ends later", "[a b] and no error")
}

func gatherTwice(e *engine) {
	as, fs := e.children(2)
	g := e.gather(as[0], as[1], as[0])
	_ = fs[0].SetResult("a")
	_ = fs[1].SetResult("b")
	e.settle(g.Task)
	g.wants("gather a, b and a", "[a b a] and no error")
}

func gatherNil(e *engine) {
	as, _ := e.children(1)
	const tried = "gather one that is pending, and nil"
	g := e.gather(as[0], nil)
	g.wantsError(tried, task.ErrNotAwaitable)
	wantPending(tried, "the one that is pending", as[0])
}

// wantPending expects a to go on.
func wantPending(tried, which string, a task.Awaitable) {
	if a.Done() {
		_, err := a.Result()
		fail(tried+", and look at "+which, "one that has ended, with "+trial.Said(err), "it to go on", err)
	}
}

func gatherFails(e *engine) {
	as, fs := e.children(3)
	g := e.gather(as...)
	_ = fs[1].SetError(io.ErrUnexpectedEOF)
	e.settle(g.Task)
	const tried = "gather three, of which the second fails first"
	g.wantsError(tried, io.ErrUnexpectedEOF)
	wantPending(tried, "the first", as[0])
	wantPending(tried, "the third", as[2])
	_ = fs[0].SetResult("a")
	_ = fs[2].SetResult("c")
	e.settle(g.Task)
	for i, want := range map[int]string{0: "a", 2: "c"} {
		if v, err := as[i].Result(); v != want {
			fail(tried+", and let the others end", fmt.Sprintf("%v and %s", v, trial.Said(err)), want, err)
		}
	}
	as, fs = e.children(2)
	_ = fs[1].SetError(io.ErrUnexpectedEOF)
	e.settle()
	e.gather(as...).wantsError("gather one that is pending and one that has failed already", io.ErrUnexpectedEOF)
}

func gatherTwoFail(e *engine) {
	fs := []*future.Future{future.New(e.Loop), future.New(e.Loop)}
	g := e.gather(fs[0], fs[1])
	_ = fs[1].SetError(io.ErrUnexpectedEOF)
	_ = fs[0].SetError(io.ErrClosedPipe)
	e.settle(g.Task)
	g.wantsError("gather two that fail in the same round, the second one first", io.ErrUnexpectedEOF)
}

func gatherChildCanceled(e *engine) {
	as, _ := e.children(3)
	g := e.gather(as...)
	as[1].Cancel()
	e.settle(g.Task)
	const tried = "gather three, and cancel the second of them"
	g.wantsError(tried, future.ErrCanceled)
	wantPending(tried, "the first", as[0])
	wantPending(tried, "the third", as[2])
}

func gatherCanceled(e *engine) {
	as, fs := e.children(4)
	_ = fs[1].SetResult("b")
	g := e.gather(as...)
	g.CancelCause(errTooLong)
	e.settle(g.Task)
	g.wantsCanceled("gather four, of which the second has ended, and cancel the task that gathers", as...)
}

// errTooLong is the reason for which the cases cancel.
var errTooLong = errors.New("it takes too long")

// wantsCanceled expects gather to have ended by its own cancellation, and as with it.
func (g *gathering) wantsCanceled(tried string, as ...task.Awaitable) {
	g.wantsError(tried, future.ErrCanceled)
	if !errors.Is(g.err, errTooLong) {
		fail(tried, g.said(), trial.Said(future.CanceledBy(errTooLong)), g.err)
	}
	for i, a := range as {
		if !a.Done() {
			fail(tried+", and look at the "+[]string{"first", "second", "third", "fourth"}[i], "one that goes on", "it to be canceled too", nil)
		}
	}
}

// gatherCanceledLate cancels between the callback that ends the wait and the caller's step.
func gatherCanceledLate(e *engine) {
	one, two := future.New(e.Loop), future.New(e.Loop)
	g := e.gather(one, two)
	_ = one.SetError(io.ErrUnexpectedEOF)
	e.CallSoon(func() { g.CancelCause(errTooLong) })
	e.settle(g.Task)
	g.wantsCanceled("gather two, of which the first fails, and cancel the task that gathers before it runs", one, two)

	one, two = future.New(e.Loop), future.New(e.Loop)
	g = e.gather(one, two)
	_, _ = one.SetResult("a"), two.SetResult("b")
	e.CallSoon(func() { g.CancelCause(errTooLong) })
	e.settle(g.Task)
	g.wantsCanceled("gather two that end, and cancel the task that gathers before it runs")
}

func gatherTwo(e *engine) {
	as, fs := e.children(4)
	one, two := e.gather(as[:2]...), e.gather(as[2:]...)
	for i, f := range fs {
		_ = f.SetResult(i)
		e.settle(one.Task, two.Task)
		if i == 1 {
			one.wants("gather two while another task gathers two others", "[0 1] and no error")
			two.still(e, "gather two others, neither of which has ended")
		}
	}
	two.wants("gather two others at the same time", "[2 3] and no error")
}
