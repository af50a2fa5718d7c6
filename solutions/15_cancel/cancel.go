// Package cancel is a solution of lesson 15: how do you stop something that waits?
package cancel

import (
	"errors"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
	"stepwise/pkg/task"
)

// Task is the task of lesson 07, which can be canceled too.
type Task struct {
	c       *coro.Coro
	done    *future.Future
	waiting *future.Future // what the body waits for; nil if it is not known, or nothing
	pending error          // a cancellation that nothing has delivered yet; nil if there is none
}

// NewTask makes a task of c, whose end is done.
func NewTask(c *coro.Coro, done *future.Future) lesson.Cancelable { return &Task{c: c, done: done} }

// Cancel cancels what the body waits for, and so wakes it. If it waits for nothing that
// can be canceled, the next step throws the cancellation in.
func (t *Task) Cancel(cause error) bool {
	if t.done.Done() {
		return false
	}
	if t.waiting == nil || !t.waiting.CancelCause(cause) {
		t.pending = future.CanceledBy(cause)
	}
	return true
}

// Step resumes the coroutine, and makes sure that it is resumed again.
func (t *Task) Step(value any, err error) {
	if t.pending != nil {
		err, t.pending = t.pending, nil
	}
	out, more := t.resume(value, err)
	f, isFuture := out.(*future.Future)
	switch {
	case !more:
		t.finish()
	case isFuture:
		t.wait(f)
	case out == nil:
		t.soon(nil)
	default:
		t.soon(task.ErrNotAwaitable)
	}
}

func (t *Task) soon(err error) {
	t.done.Scheduler().CallSoon(func() { t.Step(nil, err) })
}

func (t *Task) wait(f *future.Future) {
	t.waiting = f
	f.AddDoneCallback(func() {
		t.waiting = nil
		value, err := f.Result()
		t.Step(value, err)
	})
	if t.pending != nil && f.CancelCause(t.pending) { // the body has canceled its own task
		t.pending = nil
	}
}

func (t *Task) resume(value any, err error) (any, bool) {
	if err != nil {
		return t.c.Throw(err)
	}
	return t.c.Send(value)
}

func (t *Task) finish() {
	value, err := t.c.Result()
	if err != nil {
		_ = t.done.SetError(err)
		return
	}
	_ = t.done.SetResult(value)
}

// Group runs block as a task, beside those that it starts, and returns when all have ended.
func Group(yield coro.Yield, block func(yield coro.Yield, start func(coro.Body)) error) error {
	owner, err := task.Current(yield)
	if err != nil {
		return err
	}
	g := &group{owner: owner}
	g.start(func(yield coro.Yield) (any, error) { return nil, block(yield, g.start) })
	for g.alive > 0 {
		g.idle = future.New(owner.Loop())
		_, err := task.Await(yield, g.idle)
		if errors.Is(err, coro.ErrClosed) {
			return err // the loop closes, and all tasks with it
		}
		if err != nil {
			g.fail(err) // canceled from outside
		}
	}
	g.over = true
	return errors.Join(g.errs...)
}

type group struct {
	owner *task.Task
	tasks []*task.Task
	alive int  // how many of them have not ended
	over  bool // nothing may start
	errs  []error
	idle  *future.Future // done when none is alive
}

func (g *group) start(body coro.Body) {
	if g.over {
		return
	}
	t := task.Spawn(g.owner.Loop(), body)
	g.tasks = append(g.tasks, t)
	g.alive++
	t.AddDoneCallback(func() {
		g.alive--
		_, err := t.Result()
		if failure := future.WithoutCancel(err); failure != nil {
			g.fail(failure)
		}
		if g.alive == 0 {
			_ = g.idle.SetResult(nil)
		}
	})
}

// fail keeps err, and cancels what is alive, unless that has happened already: a second
// Cancel would disturb the clean-up.
func (g *group) fail(err error) {
	g.errs = append(g.errs, err)
	if g.over {
		return
	}
	g.over = true
	for _, t := range g.tasks {
		t.Cancel()
	}
}
