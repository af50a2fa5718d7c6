package lesson

// The rest of lesson 04's cases: panics, and the ways in which a loop ends. Read
// callbacks.go first.

import (
	"errors"
	"fmt"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

func loopPanics(t *turns) error {
	t.fake.SetReady(1, selector.Read)
	if err := t.reader(1, t.note("reader")); err != nil {
		return err
	}
	t.CallSoon(t.note("before"))
	t.CallSoon(func() { panic("boom") })
	t.CallSoon(t.note("after"))
	_ = t.Round() // may say what happened
	t.RemoveReader(1)
	t.CallSoon(t.note("next"))
	if err := t.rounds(1); err != nil {
		return err
	}
	seen := map[string]int{}
	for _, name := range t.notes {
		seen[name]++
	}
	want := map[string]int{"before": 1, "after": 1, "reader": 1, "next": 1}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		return trial.Fail("a callback panics, with others before and after it", fmt.Sprintf("%v", seen), fmt.Sprintf("%v", want), nil)
	}
	return nil
}

func loopStops(t *turns) error {
	t.CallSoon(func() {
		t.Stop()
		t.CallSoon(t.note("next round"))
	})
	t.CallSoon(t.note("same round"))
	if err := t.Run(); err != nil {
		return trial.Fail("Run, and Stop in a callback", trial.Said(err), "no error", err)
	}
	if err := t.heard("Run, and Stop in the first of two callbacks", "same round"); err != nil {
		return err
	}
	t.Stop()
	t.CallSoon(func() { t.CallSoon(t.note("too late")) })
	if err := t.Run(); err != nil {
		return trial.Fail("Stop, and Run after it", trial.Said(err), "no error, after one round", err)
	}
	if err := t.heard("Stop, and Run after it, with what was left", "next round"); err != nil {
		return err
	}
	return stopsAgain(t)
}

// stopsAgain looks at later runs: a Stop counts for one Run, even for one that has
// nothing to do.
func stopsAgain(t *turns) error {
	t.CallSoon(func() {
		t.CallSoon(func() {
			t.notes = append(t.notes, "a round later")
			t.Stop()
		})
	})
	if err := t.Run(); err != nil {
		return trial.Fail("Run a third time, and Stop in its second round", trial.Said(err), "no error", err)
	}
	if err := t.heard("Run a third time, with what was left, and Stop in its second round", "too late", "a round later"); err != nil {
		return err
	}
	t.Stop()
	if err := t.Run(); err != nil {
		return trial.Fail("Stop, and Run with nothing to do", trial.Said(err), "no error, and no sleep", err)
	}
	return nil
}

func loopInside(t *turns) error {
	var inside error
	t.CallSoon(func() {
		t.CallSoon(t.note("next round"))
		inside = t.Round()
		t.notes = append(t.notes, "same round")
	})
	if err := t.rounds(2); err != nil {
		return err
	}
	if err := refused("Round in a callback", inside, nil); err != nil {
		return err
	}
	return t.heard("a callback that calls another one soon, and Round", "same round", "next round")
}

func loopIdle(t *turns) error {
	for _, way := range []struct {
		name string
		run  func() error
	}{{"Round", t.Round}, {"Run", t.Run}} {
		err := way.run()
		if len(t.fake.Slept()) > 0 {
			return trial.Fail(way.name+" with no callback and no reader", "a sleep without an end", "an error", err)
		}
		if err := refused(way.name+" with no callback and no reader", err, nil); err != nil {
			return err
		}
	}
	return nil
}

func loopCloses(t *turns) error {
	if err := t.Close(); err != nil {
		return trial.Fail("close a loop", trial.Said(err), "no error", err)
	}
	if _, err := t.fake.Select(0); !errors.Is(err, selector.ErrClosed) {
		return trial.Fail("look at the selector of a closed loop", "an open one", "it to be closed", err)
	}
	if err := t.Close(); err != nil {
		return trial.Fail("close it again", trial.Said(err), "no error: it is closed, as it should be", err)
	}
	return refused("Round of a closed loop", t.Round(), nil)
}
