package task

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
)

// newCoro makes a Task's coroutine, on a stack that the loop keeps.
func newCoro(l *loop.Loop, body coro.Body) *coro.Coro {
	if !l.Uses(sys.KeepStacks) || l.Closed() {
		return coro.New(body)
	}
	kept := l.Site().OwnOne(stacksKey{}, func() io.Closer { return &stacks{} })
	return kept.(*stacks).New(body)
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
