package lesson

// The cases of lesson 15 in which a group is canceled, or ends at nearly the same time. Read
// cancel_group.go first.

import (
	"fmt"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
)

func groupCanceled(e *engine) {
	for _, waits := range []bool{false, true} {
		tried := "cancel the task that a group belongs to, after its block"
		if waits {
			tried = "cancel the task that a group belongs to, while its block waits"
		}
		flushed := future.New(e.Loop)
		g := e.grouped(tried, func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
			start(func(yield coro.Yield) (any, error) {
				v, err := yield(future.New(e.Loop))
				g.note("a: " + waitEnded(v, err))
				v, cleanUp := yield(flushed)
				g.note("a's clean-up: " + waitEnded(v, cleanUp))
				return nil, err
			})
			if !waits {
				return nil
			}
			_, err := yield(future.New(e.Loop))
			return err
		}, nil)
		g.CancelCause(errTooLong)
		e.drain()
		g.pending("the clean-up of its task waits for a Future")
		_ = flushed.SetResult("flushed")
		e.drain()
		g.wants([]string{"a: canceled", "a's clean-up: flushed"}, future.ErrCanceled, errTooLong)
	}
}

// untiring makes a body that waits for ever, and then cleans up, whatever comes.
func (g *grouped) untiring(name string) coro.Body {
	return func(yield coro.Yield) (any, error) {
		_, err := yield(future.New(g.Task.Loop()))
		for range 50 {
			_, _ = yield(nil)
		}
		g.note(name + " is clean")
		return nil, err
	}
}

func groupTwice(e *engine) {
	g := e.grouped("a group whose task cleans up, whatever comes; and cancel the task that the group belongs to, twice", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		start(g.untiring("a"))
		return nil
	}, nil)
	for range 2 {
		g.Cancel()
		for range 10 {
			_ = e.Round()
		}
		g.pending("its task still cleans up")
	}
	e.drain()
	g.wants([]string{"a is clean"}, future.ErrCanceled)
}

// groupAtOnce cancels the group when its task has failed: before the group has heard of it,
// when it has, and when its block has.
func groupAtOnce(e *engine) {
	for rounds, when := range []string{"in the same round", "a round later", "two rounds later"} {
		a := future.New(e.Loop)
		g := e.grouped("a group whose block waits, and whose task fails; and cancel the task that the group belongs to, "+when, func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
			start(g.child("a", a, 0, nil))
			_, err := g.untiring("the block")(yield)
			return err
		}, nil)
		_ = a.SetError(io.ErrUnexpectedEOF)
		for n := 0; n < 10 && len(g.notes) == 0; n++ {
			_ = e.Round()
		}
		for range rounds {
			_ = e.Round()
		}
		g.pending("its block still cleans up")
		g.Cancel()
		e.drain()
		g.wants([]string{"a: unexpected EOF", "the block is clean"}, io.ErrUnexpectedEOF, future.ErrCanceled)
	}
}

func groupAfter(e *engine) {
	a, next := future.New(e.Loop), future.New(e.Loop)
	const tried = "a group whose block waits, and of whose tasks one fails"
	g := e.grouped(tried, func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
		start(g.child("a", a, 0, nil))
		_, err := yield(future.New(e.Loop))
		return err
	}, func(g *grouped, yield coro.Yield) {
		v, err := yield(next)
		g.note("the next wait: " + waitEnded(v, err))
	})
	_ = a.SetError(io.ErrUnexpectedEOF)
	e.drain()
	_ = next.SetResult("here")
	e.drain()
	wantHeard(tried+"; and what happened, up to the task's next wait", g.notes, []string{"a: unexpected EOF", "the group is over", "the next wait: here"})
	if n := g.Cancelling(); n != 0 {
		fail(tried+"; and the task afterwards", fmt.Sprintf("%d of its Cancels still open", n), "none: code that cancels its own task takes that back by Uncancel", nil)
	}
}

func groupBoth(e *engine) {
	a := future.New(e.Loop)
	g := e.grouped("a group in which a task fails; and, while another cleans up, cancel the task that the group belongs to", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		start(g.child("a", a, 0, nil))
		start(g.untiring("b"))
		return nil
	}, nil)
	_ = a.SetError(io.ErrUnexpectedEOF)
	for range 10 {
		_ = e.Round()
	}
	g.pending("a task of the group still cleans up")
	g.Cancel()
	e.drain()
	g.wants([]string{"a: unexpected EOF", "b is clean"}, io.ErrUnexpectedEOF, future.ErrCanceled)
}
