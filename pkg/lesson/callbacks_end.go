package lesson

// The rest of lesson 04's cases: panics, a select that fails, and the ways in which a
// loop ends. Read callbacks.go first.

import (
	"errors"
	"fmt"
	"io"
	"time"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

func loopPanics(t *turns) {
	t.fake.SetReady(1, selector.Read)
	t.reader(1, t.note("reader"))
	t.CallSoon(t.note("before"))
	t.CallSoon(func() { panic("boom") })
	t.CallSoon(func() { panic(errors.New("boom")) })
	t.CallSoon(t.note("after"))
	_ = t.Round() // may say what happened
	t.RemoveReader(1)
	t.CallSoon(t.note("next"))
	t.rounds(1)
	seen := map[string]int{}
	for _, name := range t.notes {
		seen[name]++
	}
	want := map[string]int{"before": 1, "after": 1, "reader": 1, "next": 1}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		fail("callbacks panic, with others before and after them", fmt.Sprintf("%v", seen), fmt.Sprintf("%v", want), nil)
	}
	t.notes = nil
	t.reader(1, func() {
		t.notes = append(t.notes, "reader")
		panic("boom")
	})
	_, _ = t.Round(), t.Round()
	t.heard("a reader panics, and there is more to read in the next round", "reader", "reader")
	t.RemoveReader(1)
	t.CallSoon(func() { panic("boom") })
	t.CallSoon(func() { t.CallSoon(t.Stop) })
	noError("Run, with a callback that panics, and Stop a round later", t.Run())
}

func loopStops(t *turns) {
	t.CallSoon(func() {
		t.Stop()
		t.CallSoon(t.note("next round"))
	})
	t.CallSoon(t.note("same round"))
	noError("Run, and Stop in a callback", t.Run())
	t.heard("Run, and Stop in the first of two callbacks", "same round")
	t.Stop()
	t.CallSoon(func() { t.CallSoon(t.note("too late")) })
	noError("Stop, and Run after it", t.Run())
	t.heard("Stop, and Run after it, with what was left", "next round")
	stopsAgain(t)
}

// stopsAgain looks at later runs: a Stop counts for one Run, even for one that has
// nothing to do.
func stopsAgain(t *turns) {
	t.CallSoon(func() {
		t.CallSoon(func() {
			t.notes = append(t.notes, "a round later")
			t.Stop()
		})
	})
	noError("Run a third time, and Stop in its second round", t.Run())
	t.heard("Run a third time, with what was left, and Stop in its second round", "too late", "a round later")
	t.Stop()
	noError("Stop, and Run with nothing to do", t.Run())
}

func loopInside(t *turns) {
	var inside error
	t.CallSoon(func() {
		t.CallSoon(t.note("next round"))
		inside = t.Round()
		t.notes = append(t.notes, "same round")
	})
	t.rounds(1)
	t.heard("a callback that calls another one soon, and then Round", "same round")
	refused("Round in a callback", inside, loop.ErrRunning)
	t.rounds(1)
	t.heard("the round after it", "next round")
	runInside(t)
}

// runInside stops the loop before it calls Run, so that a Run which isn't refused ends.
func runInside(t *turns) {
	var run error
	t.CallSoon(func() {
		t.CallSoon(t.note("next round"))
		t.Stop()
		run = t.Run()
		t.notes = append(t.notes, "same round")
	})
	const tried = "Run, with a callback that calls another one soon, then Stop, and then Run"
	noError(tried, t.Run())
	t.heard(tried, "same round")
	refused("Run in a callback", run, nil)
}

func loopIdle(t *turns) {
	for _, way := range []struct {
		name string
		run  func() error
	}{{"Round", t.Round}, {"Run", t.Run}} {
		err := way.run()
		if len(t.fake.Slept()) > 0 {
			fail(way.name+" with no callback and no reader", "a sleep without an end", "an error", err)
		}
		refused(way.name+" with no callback and no reader", err, loop.ErrDeadlock)
	}
	t.reader(1, t.note("reader"))
	t.reader(2, t.note("another reader"))
	t.RemoveReader(1)
	t.RemoveReader(2)
	err := t.Round()
	if len(t.fake.Slept()) > 0 {
		fail("Round when each reader is removed", "a sleep without an end", "an error", err)
	}
	refused("Round when each reader is removed", err, loop.ErrDeadlock)
}

// loopSelectFails closes the selector under the loop.
func loopSelectFails(t *turns) {
	t.reader(1, t.note("reader"))
	noError("close the selector", t.fake.Close())
	t.CallSoon(t.note("soon"))
	first := t.Round()
	refused("Round when select fails", first, nil)
	t.CallSoon(t.Stop)
	again := t.Run()
	refused("Run when select fails", again, nil)
	if errors.Is(again, loop.ErrRunning) {
		fail("Run after a round whose select has failed", trial.Said(again), "select's error again: that round is over", again)
	}
}

// failsAtFirst is a selector whose next selects fail, so many of them.
type failsAtFirst struct {
	*selector.Fake
	left int
}

func (s *failsAtFirst) Select(timeout time.Duration) ([]selector.Ready, error) {
	if s.left > 0 {
		s.left--
		return nil, io.ErrUnexpectedEOF
	}
	return s.Fake.Select(timeout)
}

// loopRecovers has select fail in a Round and in a Run. What was queued runs in that round
// or a later one.
func loopRecovers(impl Impl) {
	s := &failsAtFirst{selector.NewFake(), 2}
	t := newTurns(impl, s)
	t.fake = &far{s.Fake}
	defer t.Close()
	t.reader(1, t.note("reader"))
	t.CallSoon(t.note("queued before"))
	refused("Round when select fails", t.Round(), nil)
	t.CallSoon(t.note("queued between"))
	refused("Run when select fails", t.Run(), nil)
	t.CallSoon(t.note("queued after"))
	noError("a round when select works again", t.Round())
	t.heard("a Round and a Run whose select fails, and a round after them", "queued before", "queued between", "queued after")
}

func loopCloses(t *turns) {
	t.reader(1, t.note("reader"))
	t.CallSoon(t.note("soon"))
	noError("close a loop", t.Close())
	if _, err := t.fake.Select(0); !errors.Is(err, selector.ErrClosed) {
		fail("look at the selector of a closed loop", "an open one", "it to be closed", err)
	}
	if err := t.Close(); err != nil {
		fail("close it again", trial.Said(err), "no error: it is closed, as it should be", err)
	}
	refused("Round of a closed loop", t.Round(), loop.ErrClosed)
	refused("Run of a closed loop", t.Run(), loop.ErrClosed)
	refused("add a reader to a closed loop", t.AddReader(2, t.note("reader")), nil)
	func() {
		defer func() { _ = recover() }() // a closed loop may refuse it in any way
		t.CallSoon(t.note("soon, when it is closed"))
	}()
	t.heard("Round and Run of a closed loop, with a callback that was called soon before, and another one after that")
}

// loopClosesNoMore has a reader for a descriptor that is open. It belongs to whoever opened it.
func loopClosesNoMore(t *turns) {
	p := &poll{}
	fd, _ := p.pair()
	defer p.closeAll()
	noError("add a reader", t.EventLoop.AddReader(fd, t.note("reader")))
	noError("close a loop", t.Close())
	p.isOpen("close a loop, and look at the descriptor of its reader", fd)
}

// loopClosesInside closes the loop in a callback. A loop may refuse that, but says so.
func loopClosesInside(t *turns) {
	called, err := false, error(nil)
	t.CallSoon(func() { called, err = true, t.Close() })
	_ = t.Round() // may say that the loop is closed
	if _, open := t.fake.Select(0); called && err == nil && open == nil {
		fail("Close in a callback", "no error, and a selector that is open", "it to be closed, or an error", nil)
	}
	if err == nil {
		return
	}
	t.CallSoon(t.note("soon"))
	const tried = "Close in a callback, which is refused, and "
	noError(tried+"a round after it", t.Round())
	t.heard(tried+"a round after it", "soon")
	noError(tried+"Close after it", t.Close())
	if _, open := t.fake.Select(0); open == nil {
		fail(tried+"Close after it", "a selector that is open", "it to be closed", nil)
	}
}
