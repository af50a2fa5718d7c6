package task

// What only the loop sees of a Task: its end with the loop, and what it waits for.

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/site"
)

// owned is the side of a Task that only its loop sees.
type owned Task

// Place is the Task's among all that lives on its loop.
func (o *owned) Place() *site.Place { return &o.place }

// Close ends a Task whose loop closes.
func (o *owned) Close() error { return (*Task)(o).unwind(fmt.Errorf("task: %w", loop.ErrClosed)) }

// unwind ends a Task that can't go on: its coroutine unwinds and runs its defers, and its
// result is a cancellation, because of why.
func (t *Task) unwind(why error) error {
	t.waiting = nil
	t.loop.Site().Step(t) // its defers may use what asks for it
	defer t.loop.Site().Step((*Task)(nil))
	t.coro.Close()
	_, err := t.coro.Result()
	t.result.CancelCause(why)
	if len(coro.Panics(err)) > 0 {
		return fmt.Errorf("%w: %w", errPending, err)
	}
	if t.detached {
		return nil
	}
	if told := t.loop.Site().Origin(t.result, errPending); told != errPending {
		return told
	}
	return fmt.Errorf("%w: %s", errPending, t.Name())
}

var errPending = errors.New("a task that was still pending")

// Waits says what the Task waits for, for a loop that is asked where it stands.
func (o *owned) Waits() string {
	a := o.waiting
	if a == nil || a.Done() {
		return "nothing: it is about to run"
	}
	if named, ok := a.(fmt.Stringer); ok {
		return named.String()
	}
	return fmt.Sprintf("a %T", a)
}

var (
	_ site.Waiter = (*owned)(nil)
	_ site.Placed = (*owned)(nil)
)
