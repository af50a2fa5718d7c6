package lesson

// The rig of lesson 04's cases: a loop under test, on a selector without a kernel,
// and the notes of its callbacks. Read callbacks.go first.

import (
	"time"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// turns is a loop under test, on a selector without a kernel.
type turns struct {
	EventLoop
	fake  *selector.Fake
	notes []string
}

// onFake makes a case of body: it hands body a loop and closes the loop afterwards.
func onFake(body func(t *turns) error) func(Impl) error {
	return func(impl Impl) error {
		fake := selector.NewFake()
		l := impl.NewLoop(fake)
		if l == nil {
			return trial.Fail("make a loop", "nil", "a loop", nil)
		}
		defer l.Close()
		return body(&turns{EventLoop: l, fake: fake})
	}
}

// note makes a callback that notes its name.
func (t *turns) note(name string) func() {
	return func() { t.notes = append(t.notes, name) }
}

func (t *turns) reader(fd int, fn func()) error {
	if err := t.AddReader(fd, fn); err != nil {
		return trial.Fail("add a reader", trial.Said(err), "no error", err)
	}
	return nil
}

// rounds runs n of them.
func (t *turns) rounds(n int) error {
	for range n {
		if err := t.Round(); err != nil {
			return trial.Fail("a round with something to do", trial.Said(err), "no error", err)
		}
	}
	return nil
}

// heard expects these notes, and forgets them.
func (t *turns) heard(tried string, want ...string) error {
	got := t.notes
	t.notes = nil
	return wantHeard(tried, got, want)
}

// impatient is a selector that returns ErrWaits instead of sleeping without end:
// everything that a case waits for has happened already.
type impatient struct{ selector.Selector }

// Select sleeps for a moment where it was asked to sleep without end.
func (s impatient) Select(timeout time.Duration) ([]selector.Ready, error) {
	if timeout >= 0 {
		return s.Selector.Select(timeout)
	}
	ready, err := s.Selector.Select(limit / 10)
	if err == nil && len(ready) == 0 {
		err = trial.ErrWaits
	}
	return ready, err
}
