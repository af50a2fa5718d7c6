package lesson

// The second half of lesson 15: a group of tasks that end with a block. Read cancel.go
// first.

import (
	"errors"
	"io"
	"slices"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// group is the library's Group in the plain form of the exercise.
func group(yield coro.Yield, block func(yield coro.Yield, start func(coro.Body)) error) error {
	return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		return block(yield, func(body coro.Body) { g.Spawn(body) })
	})
}

// grouped is a group under trial, in a task of its own, and what happens in it.
type grouped struct {
	*engine
	*task.Task
	tried string
	notes []string
}

// grouped runs a group with this block. It notes how the group ended; then what after
// does, unless it is nil, is the rest of the task.
func (e *engine) grouped(tried string, block func(g *grouped, yield coro.Yield, start func(coro.Body)) error, after func(g *grouped, yield coro.Yield)) *grouped {
	g := &grouped{engine: e, tried: tried}
	g.Task = task.Spawn(e.Loop, func(yield coro.Yield) (any, error) {
		err := e.impl.Group(yield, func(yield coro.Yield, start func(coro.Body)) error { return block(g, yield, start) })
		g.note("the group is over")
		if after != nil {
			after(g, yield)
		}
		return nil, err
	})
	e.drain()
	if _, err := g.Result(); errors.Is(err, ErrTODO) {
		fail(tried, err.Error(), "a Group", err)
	}
	return g
}

func (g *grouped) note(note string) { g.notes = append(g.notes, note) }

// child makes a body that waits for f. Its clean-up takes some turns, and ends with failed.
func (g *grouped) child(name string, f *future.Future, turns int, failed error) coro.Body {
	return func(yield coro.Yield) (any, error) {
		v, err := yield(f)
		g.note(name + ": " + waitEnded(v, err))
		for range turns {
			if _, err := yield(nil); err != nil {
				g.note(name + ": disturbed")
			}
		}
		if turns > 0 {
			g.note(name + " is clean")
		}
		return nil, errors.Join(err, failed)
	}
}

// wants expects these notes in this order, and these errors to be among those of the
// group; without any, it must have none.
func (g *grouped) wants(notes []string, errs ...error) {
	_, err := g.Result()
	if slices.ContainsFunc(g.notes, func(note string) bool { return strings.HasSuffix(note, ": disturbed") }) {
		fail(g.tried, "a clean-up that is canceled again", "each clean-up to be left in peace", nil)
	}
	if !g.Done() {
		wantHeard(g.tried+"; and what happened, but the group still waits", g.notes, append(notes, "the group is over"))
		fail(g.tried, "a group that still waits", "its end: all that it needs has happened", nil)
	}
	wantHeard(g.tried+"; and what happened", g.notes, append(notes, "the group is over"))
	for _, want := range errs {
		wantError(g.tried+"; and the group's error", err, want)
	}
	switch {
	case len(errs) == 0:
		noError(g.tried+"; and the group's error", err)
	case errors.Is(err, future.ErrCanceled) && !slices.Contains(errs, error(future.ErrCanceled)):
		fail(g.tried+"; and the group's error", "one that is future.ErrCanceled too", "only the failures: nobody has canceled the group", err)
	}
}

// pending expects the group to wait.
func (g *grouped) pending(why string) {
	if _, err := g.Result(); g.Done() {
		fail(g.tried, "an end of the group", "it to wait: "+why, err)
	}
}

func groupWaits(e *engine) {
	one, two, three := future.New(e.Loop), future.New(e.Loop), future.New(e.Loop)
	g := e.grouped("a group with two tasks, of which one starts a third", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		start(func(yield coro.Yield) (any, error) {
			v, err := yield(one)
			g.note("one: " + waitEnded(v, err))
			start(g.child("three", three, 0, nil))
			return nil, nil
		})
		start(g.child("two", two, 0, nil))
		g.note("the block is over")
		return nil
	}, nil)
	g.pending("two of its tasks have not ended")
	_ = two.SetResult("here")
	e.drain()
	g.pending("one of its tasks has not ended")
	_ = one.SetResult("here")
	e.drain()
	g.pending("a task that was started by one of its tasks has not ended")
	_ = three.SetResult("here")
	e.drain()
	g.wants([]string{"the block is over", "two: here", "one: here", "three: here"})
	one, two = future.New(e.Loop), future.New(e.Loop)
	g = e.grouped("a group whose block waits until its first task has ended, and starts another then", func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
		start(g.child("one", one, 0, nil))
		for range 20 { // more turns than the end of one takes
			if _, err := yield(nil); err != nil {
				return err
			}
			_ = one.SetResult("here") // it ends in the first of them
		}
		start(g.child("two", two, 0, nil))
		return nil
	}, nil)
	g.pending("its second task has not ended")
	_ = two.SetResult("here")
	e.drain()
	g.wants([]string{"one: here", "two: here"})
	g = e.grouped("a group without a task", func(*grouped, coro.Yield, func(coro.Body)) error { return nil }, nil)
	g.wants(nil)
}

func groupFails(e *engine) {
	a := future.New(e.Loop)
	g := e.grouped("a group whose block waits, and of whose two tasks one fails", func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
		start(g.child("a", a, 0, nil))
		start(g.child("b", future.New(e.Loop), 3, nil))
		_, err := g.child("the block", future.New(e.Loop), 5, nil)(yield)
		return err
	}, nil)
	g.pending("nothing has happened yet")
	_ = a.SetError(io.ErrUnexpectedEOF)
	e.drain()
	if len(g.notes) > 2 && g.notes[1] == "the block: canceled" { // the order of these two is free
		g.notes[1], g.notes[2] = g.notes[2], g.notes[1]
	}
	g.wants([]string{"a: unexpected EOF", "b: canceled", "the block: canceled", "b is clean", "the block is clean"}, io.ErrUnexpectedEOF)
}

func groupErrors(e *engine) {
	a := future.New(e.Loop)
	nothing := future.New(e.Loop)
	g := e.grouped("a group of three tasks: the first fails, then the clean-up of the block and of the second, while the third cleans up", func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
		start(g.child("a", a, 0, nil))
		start(g.child("b", future.New(e.Loop), 1, io.ErrShortWrite))
		start(g.child("c", future.New(e.Loop), 9, io.ErrNoProgress))
		_, _ = yield(nothing)
		return io.ErrShortBuffer
	}, nil)
	_ = a.SetError(io.ErrUnexpectedEOF)
	e.drain()
	g.wants([]string{"a: unexpected EOF", "b: canceled", "c: canceled", "b is clean", "c is clean"},
		io.ErrUnexpectedEOF, io.ErrShortBuffer, io.ErrShortWrite, io.ErrNoProgress)
}

func groupBlockFails(e *engine) {
	f := future.New(e.Loop)
	g := e.grouped("a group whose block returns io.ErrUnexpectedEOF, while its task waits", func(g *grouped, yield coro.Yield, start func(coro.Body)) error {
		start(g.child("a", future.New(e.Loop), 2, io.ErrShortWrite))
		_, err := yield(f)
		return err
	}, nil)
	_ = f.SetError(io.ErrUnexpectedEOF)
	e.drain()
	g.wants([]string{"a: canceled", "a is clean"}, io.ErrUnexpectedEOF, io.ErrShortWrite)
}

func groupTwo(e *engine) {
	a, b := future.New(e.Loop), future.New(e.Loop)
	one := func(name string, f *future.Future) *grouped {
		return e.grouped("the "+name+" of two groups that wait at once", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
			start(g.child(name, f, 0, nil))
			return nil
		}, nil)
	}
	first, second := one("first", a), one("second", b)
	_ = b.SetError(io.ErrUnexpectedEOF)
	e.drain()
	second.wants([]string{"second: unexpected EOF"}, io.ErrUnexpectedEOF)
	first.pending("its task has not ended")
	_ = a.SetResult("here")
	e.drain()
	first.wants([]string{"first: here"})
}

func groupChildCanceled(e *engine) {
	a, b := future.New(e.Loop), future.New(e.Loop)
	g := e.grouped("a group of two tasks, of which one is canceled by others", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		start(g.child("a", a, 0, nil))
		start(g.child("b", b, 0, nil))
		return nil
	}, nil)
	a.Cancel()
	e.drain()
	g.pending("the other task has not ended")
	_ = b.SetResult("here")
	e.drain()
	g.wants([]string{"a: canceled", "b: here"})
}

func groupLate(e *engine) {
	a := future.New(e.Loop)
	var later func(coro.Body)
	late := func(g *grouped, when string) coro.Body {
		return func(coro.Yield) (any, error) {
			g.note("a task runs that was started " + when)
			return nil, nil
		}
	}
	g := e.grouped("a group in which a task fails, and the clean-up of another starts one more", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		later = start
		start(g.child("a", a, 0, nil))
		start(func(yield coro.Yield) (any, error) {
			_, err := yield(future.New(e.Loop))
			start(late(g, "after the failure"))
			return nil, err
		})
		return nil
	}, nil)
	_ = a.SetError(io.ErrUnexpectedEOF)
	e.drain()
	g.wants([]string{"a: unexpected EOF"}, io.ErrUnexpectedEOF)
	g = e.grouped("start a task when the group is over", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		later = start
		return nil
	}, nil)
	g.wants(nil)
	later(late(g, "after the end"))
	e.drain()
	g.wants(nil)
	g = e.grouped("a group that is canceled from outside, and the clean-up of its task starts one more", func(g *grouped, _ coro.Yield, start func(coro.Body)) error {
		start(func(yield coro.Yield) (any, error) {
			_, err := yield(future.New(e.Loop))
			start(late(g, "after the cancellation"))
			return nil, err
		})
		return nil
	}, nil)
	g.Cancel()
	e.drain()
	g.wants(nil, future.ErrCanceled)
}
