package task

// If nobody waits for a task, nobody hears of its error. A Group ties tasks to a block of
// code: no task outlives it, and no error is lost. trio's nursery, asyncio's TaskGroup;
// lesson 15.

import (
	"container/list"
	"errors"
	"fmt"
	"slices"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

// ErrGroupOver: a Group that has failed, or has ended, takes no new tasks.
var ErrGroupOver = errors.New("group takes no more tasks")

// Group holds the tasks that a block has spawned and that have not ended.
//
// Invariants: after WithGroup, tasks is empty; idle ≠ nil ⇒ the owner waits for
// tasks to be empty; awaited = tasks that are not in the background; warned ⇔ the owner's
// count of Cancels includes one of ours.
type Group struct {
	owner   *Task
	tasks   list.List // of *Task, in the order of spawning; those that have not ended
	awaited int       // of them, how many keep the Group from ending
	errs    []error   // of the tasks that failed, in that order
	inBody  bool      // body runs, so the owner must be woken to hear of a failure
	warned  bool      // it was, by a Cancel
	failed  bool      // the tasks have been canceled; no new ones are taken
	over    bool      // WithGroup has returned
	idle    *future.Future
}

// WithGroup runs body in the caller's coroutine, and returns when body and all tasks
// that were spawned in the Group have ended.
//
// The first error, of body or of a task, cancels the other tasks, and body too if it
// still runs. WithGroup waits for all of them and joins their errors, body's first. A
// task that was canceled has not failed, unless its error says something besides. If the
// caller is canceled, all tasks are, and future.ErrCanceled is among the errors. A panic
// of body goes on when the tasks have ended.
//
// So the error may be a failure and a cancellation at once. If you find the failure, by
// errors.Is, and handle it, still look for future.ErrCanceled, and return that: otherwise
// your task goes on as if it had not been canceled.
//
// Canceling one task is no failure of the Group: each Task that Go or Spawn returns has its
// own Cancel. A task that only serves the others belongs in Background.
func WithGroup(yield coro.Yield, body func(yield coro.Yield, g *Group) error) error {
	t, err := Current(yield)
	if err != nil {
		return err
	}
	g := &Group{owner: t, inBody: true}
	before := t.cancels
	returned := false
	defer func() {
		if !returned { // body panics: its tasks end first
			_ = g.end(yield, ErrGroupOver)
			g.report()
		}
	}()
	err = body(yield, g)
	returned = true
	canceled := g.end(yield, err)
	if g.warned {
		err, canceled = g.takeBack(before, err, canceled)
	}
	if says(err, canceled) {
		canceled = nil
	}
	return join(append([]error{err, canceled}, g.errs...)...)
}

// takeBack takes our own Cancel out of body's err, unless others canceled the owner too: the
// rest of err must not look like a cancellation then. theirs is what the others have done.
func (g *Group) takeBack(before int, err, canceled error) (body, theirs error) {
	// If body waited for the task that failed, both have its error.
	g.errs = slices.DeleteFunc(g.errs, func(one error) bool { return errors.Is(err, one) })
	if g.owner.Uncancel() > before && canceled == nil {
		canceled = future.ErrCanceled
	}
	if !says(err, canceled) { // otherwise it may have their reason
		err = future.WithoutCancel(err)
	}
	return err, canceled
}

// end waits for the tasks. It cancels them if err isn't nil.
func (g *Group) end(yield coro.Yield, err error) (canceled error) {
	g.inBody = false
	if err != nil && !g.failed {
		g.cancel()
	}
	canceled = g.wait(yield)
	g.over = true
	return canceled
}

// wait returns when no task is left, with the error of the owner's cancellation, if
// there was one. Each cancellation reaches the tasks.
func (g *Group) wait(yield coro.Yield) (canceled error) {
	for g.tasks.Len() > 0 {
		if g.awaited == 0 && !g.failed { // the others have nobody left to serve
			g.cancel()
		}
		g.idle = future.New(g.owner.loop)
		_, err := Await(yield, &several{g.idle, g.alive})
		switch {
		case err == nil:
		case errors.Is(err, future.ErrCanceled):
			canceled = withFailure(err, canceled)
			g.cancel()
		default: // the loop closes, and the tasks with it
			return err
		}
	}
	return canceled
}

// Spawn is the package's Spawn, for a Task that ends before the Group does. Tasks of the
// Group may spawn too. If the Group has failed or ended, the Task is done, with
// ErrGroupOver, and body never runs.
func (g *Group) Spawn(body coro.Body) *Task { return g.spawn(body, body, 1) }

// Background is Go for a task that serves the others, such as a heartbeat: it is canceled
// when the block and all other tasks have ended.
func (g *Group) Background(body func(yield coro.Yield) error) *Task {
	return g.spawn(bare(body), body, 0)
}

// spawn makes a Task of body, which adds awaited to the tasks that the Group waits for.
func (g *Group) spawn(body coro.Body, source any, awaited int) *Task {
	if g.failed || g.over {
		return spawn(g.owner.loop, body, source, fmt.Errorf("task: group: %w", ErrGroupOver))
	}
	t := spawn(g.owner.loop, body, source, nil)
	if t.Done() { // the loop is closed
		return t
	}
	t.parent = g.owner
	e := g.tasks.PushBack(t)
	g.awaited += awaited
	t.result.AddDoneCallback(func() {
		g.awaited -= awaited
		g.ended(e, t)
	})
	return t
}

// ended is the done-callback of each task.
func (g *Group) ended(e *list.Element, t *Task) {
	g.tasks.Remove(e)
	_, err := t.Result()
	if err = future.WithoutCancel(err); err != nil { // to be canceled is not to fail
		g.fail(err)
	}
	if g.awaited == 0 && g.idle != nil {
		_ = g.idle.SetResult(nil)
	}
}

func (g *Group) fail(err error) {
	g.errs = append(g.errs, err)
	if g.failed { // the others have been told; a second Cancel would disturb their clean-up
		return
	}
	g.cancel()
	if g.inBody {
		g.warned = true
		g.owner.Cancel()
	}
}

func (g *Group) cancel() {
	g.failed = true
	for _, a := range g.alive() {
		a.Cancel()
	}
}

func (g *Group) alive() (tasks []Awaitable) {
	for e := g.tasks.Front(); e != nil; e = e.Next() {
		tasks = append(tasks, e.Value.(*Task))
	}
	return tasks
}

// report reports the errors of tasks whose WithGroup panics and so returns none.
func (g *Group) report() {
	for _, err := range g.errs {
		g.owner.loop.CallExceptionHandler(loop.Exception{Message: "a task failed in a group whose body panicked", Err: err})
	}
}

// join is errors.Join, but a single error stays itself.
func join(errs ...error) error {
	var one error
	for _, err := range errs {
		if err != nil && one != nil {
			return errors.Join(errs...)
		}
		if err != nil {
			one = err
		}
	}
	return one
}
