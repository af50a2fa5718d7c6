// Package task answers the question: who resumes the coroutine?
//
// A Task does. It runs a coroutine up to its yield, takes what was yielded, a Future or
// another Task, adds its wakeup as the callback, and returns to the loop. When the result
// is there, wakeup steps the coroutine again, with the result as the value of the yield.
//
// A function that may pause takes yield as its first parameter, and hands it on to what it
// calls. A yield belongs to one task: each body gets its own.
//
//	err := task.Main(l, func(yield coro.Yield) error {
//		return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
//			for i := range 3 {
//				g.Go(func(yield coro.Yield) error { return task.Sleep(yield, time.Duration(i)*time.Second) })
//			}
//			return nil // when all three have ended, after two seconds
//		})
//	})
package task

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/site"
)

// What a Task refuses, as the error of the Await.
var (
	ErrNoTask       = errors.New("await outside of a coroutine: there is no yield")
	ErrNotAwaitable = errors.New("only a Future, a Task or the like can be awaited")
	ErrOtherLoop    = errors.New("it belongs to another loop")
	ErrCycle        = errors.New("tasks wait for each other in a circle")
)

// Awaitable is what a coroutine can wait for: what Future and Task have in common.
type Awaitable interface {
	Done() bool
	Result() (any, error)
	AddDoneCallback(fn func()) (remove func() bool)
	Cancel() bool
	Scheduler() future.Scheduler
}

// Task is a coroutine on a loop, and the Future of its result, which only the Task can
// set: asyncio's Task. Only the loop's goroutine may call its methods.
//
// Invariants: result pending ⇔ the loop owns the Task; waiting ≠ nil ⇔ the coroutine is
// suspended at an Await, and wakeup is a callback of waiting or, if that is done, queued.
type Task struct {
	loop       *loop.Loop
	coro       *coro.Coro
	source     any // the function that the caller gave, for its name
	result     *future.Future
	waiting    Awaitable // what the coroutine awaits now
	wake       func()    // the method value of wakeup, made once
	mustCancel error     // a future.ErrCanceled that the next step throws; nil if it throws none
	cancels    int       // Cancels not taken back: asyncio's cancelling()
	ended      uint64    // the loop's round in which it ended; 0 before
	parent     *Task     // the owner of its Group, which can't end before it; nil if it has none
	detached   bool      // nobody will await it
	inside     inside
	place      site.Place // on the loop
}

// inside is where coro and result point: parts of the Task, since a step looks at all
// three, and one allocation is cheaper than three. (If a loop keeps no stacks, coro has an
// allocation of its own.)
type inside struct {
	coro   coro.Coro
	result future.Future
}

// Spawn makes a Task of body: asyncio's create_task. Its first step comes in the next
// round, never inside Spawn. On a closed loop the Task is done, with loop.ErrClosed, and
// body never runs. Spawn panics if l or body is nil.
func Spawn(l *loop.Loop, body coro.Body) *Task { return spawn(l, body, body, nil) }

// spawn is Spawn. source is what the caller wrote: body, or the function that it wraps. If
// refused isn't nil, the Task has ended with it before it began.
func spawn(l *loop.Loop, body coro.Body, source any, refused error) *Task {
	if l == nil {
		panic("task: Spawn on a nil Loop")
	}
	if refused == nil && l.Closed() {
		refused = fmt.Errorf("task: Spawn: %w", loop.ErrClosed)
	}
	t := &Task{loop: l, source: source}
	t.coro, t.result, t.wake = t.newCoro(t.labeled(body)), t.inside.result.Init(l), t.wakeup
	t.tellSpawned(source)
	if refused != nil {
		t.coro.Close()
		_ = t.result.SetError(refused)
		return t
	}
	l.Site().Own((*owned)(t))
	l.CallSoon(t.begin)
	return t
}

func (t *Task) begin() { t.step(nil, nil) }

// step is the heart of the engine: it resumes the coroutine with a value or an error, and
// makes sure that it will be stepped again.
func (t *Task) step(v any, err error) {
	if t.Done() {
		return
	}
	if t.mustCancel != nil {
		t.mustCancel, err = nil, withFailure(t.mustCancel, err)
	}
	returned := false
	t.tellResumed(v, err)
	defer func() {
		if !returned { // runtime.Goexit in the body goes right through us
			t.finish()
		}
		t.tellStepped()
	}()
	out, more := t.resume(v, err)
	returned = true
	if !more {
		t.finish()
		return
	}
	t.wait(out)
}

// resume wakes the coroutine with a value or an error. What Current and OnLoop ask for on
// the way it does at once, and wakes the coroutine again.
func (t *Task) resume(v any, err error) (out any, more bool) {
	t.loop.Site().Step(t)
	if err != nil {
		out, more = t.coro.Throw(err)
	} else {
		out, more = t.coro.Send(v)
	}
	for more && out != nil {
		answer, asked := t.answer(out)
		if !asked {
			break
		}
		out, more = t.coro.Send(answer)
	}
	return out, more
}

// answer does what the coroutine asks of its Task; asked is false for what it waits for.
func (t *Task) answer(out any) (answer any, asked bool) {
	if out == any(whoAmI) {
		return t, true
	}
	fn, asked := out.(onLoop)
	if asked {
		fn()
	}
	return nil, asked
}

// wait arranges the next step, for when what the coroutine yielded is done.
func (t *Task) wait(out any) {
	if out == nil { // a bare yield: let the others have their turn
		t.loop.CallSoon(t.wake)
		return
	}
	a, err := t.check(out)
	if err != nil {
		t.loop.CallSoon(func() { t.step(nil, fmt.Errorf("task: await: %w", err)) })
		return
	}
	t.waiting = a
	whenDone(a, t.wake)
	if t.mustCancel != nil && cancel(a, t.mustCancel) {
		t.mustCancel = nil
	}
}

// whenDone has a's loop run fn when a is done. Where the compiler knows which
// AddDoneCallback it is, it makes no function that takes fn back: an allocation for each
// wait.
func whenDone(a Awaitable, fn func()) {
	switch a := a.(type) {
	case *future.Future:
		a.AddDoneCallback(fn)
	case *Task:
		a.result.AddDoneCallback(fn)
	default:
		a.AddDoneCallback(fn)
	}
}

func (t *Task) check(out any) (Awaitable, error) {
	if of, ok := out.(interface{ plain() *Task }); ok {
		out = of.plain()
	}
	a, ok := out.(Awaitable)
	if !ok {
		return nil, fmt.Errorf("%w, not %T", ErrNotAwaitable, out)
	}
	switch s := a.Scheduler(); {
	case s == nil:
		return nil, future.ErrNotMade
	case s != future.Scheduler(t.loop):
		return nil, ErrOtherLoop
	case t.closesCircle(a):
		return nil, ErrCycle
	}
	return a, nil
}

// wakeup is the done-callback of what the coroutine awaits; nil after a bare yield.
func (t *Task) wakeup() {
	a := t.waiting
	if a == nil {
		t.step(nil, nil)
		return
	}
	t.waiting = nil
	t.step(a.Result())
}

// finish turns the coroutine's end into the Task's result.
func (t *Task) finish() {
	t.ended = t.loop.Rounds()
	defer t.loop.Site().Step((*Task)(nil)) // which would keep t alive
	t.loop.Site().Disown((*owned)(t))
	t.coro.Close() // has an effect only on a coroutine that a Goexit has left behind
	value, err := t.coro.Result()
	if panicked, ok := err.(*coro.PanicError); ok { // even a panic with ErrCanceled is no cancellation
		err = future.WithoutCancel(panicked)
	}
	if err == nil {
		_ = t.result.SetResult(value)
	} else {
		_ = t.result.SetError(err)
	}
}
