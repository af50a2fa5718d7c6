package task

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/sys"
)

// newCoro makes a Task's coroutine, on a stack that the loop keeps.
func (t *Task) newCoro(body coro.Body) *coro.Coro {
	l := t.loop
	if !l.Uses(sys.KeepStacks) || l.Closed() {
		return coro.New(body)
	}
	kept := l.Site().OwnOne(stacksKey{}, func() io.Closer { return &stacks{} })
	return kept.(*stacks).Init(&t.inside.coro, body)
}

// stacks are those that a loop keeps for its next tasks.
type stacks struct{ coro.Pool }

type stacksKey struct{}

// Close is called when the loop closes.
func (s *stacks) Close() error {
	s.Drain()
	return nil
}

// Rest is called when a Run ends.
func (s *stacks) Rest() { s.Drain() }
