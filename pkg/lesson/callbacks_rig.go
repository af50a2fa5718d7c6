package lesson

// The rig of lesson 04's cases: a loop under test, on a selector without a kernel,
// and the notes of its callbacks. Read callbacks.go first.

import (
	"time"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// turns is a loop under test, mostly on a selector without a kernel.
type turns struct {
	EventLoop
	fake  *far // nil if the selector has a kernel
	notes []string
}

// far is a selector without a kernel whose descriptors have numbers that nobody's have: a
// loop under test may close them.
type far struct{ *selector.Fake }

func (s *far) SetReady(fd int, events selector.Events) { s.Fake.SetReady(afar(fd), events) }

func (s *far) Unregister(fd int) error { return s.Fake.Unregister(afar(fd)) }

func afar(fd int) int {
	if fd < 0 {
		return fd
	}
	return fd + 1<<20
}

func (t *turns) AddReader(fd int, fn func()) error {
	if t.fake != nil {
		fd = afar(fd)
	}
	return t.EventLoop.AddReader(fd, fn)
}

func (t *turns) RemoveReader(fd int) bool {
	if t.fake != nil {
		fd = afar(fd)
	}
	return t.EventLoop.RemoveReader(fd)
}

// onFake makes a case of body: it hands body a loop and closes the loop afterwards.
func onFake(body func(t *turns)) func(Impl) {
	return func(impl Impl) {
		fake := selector.NewFake()
		t := newTurns(impl, fake)
		defer t.Close()
		t.fake = &far{fake}
		body(t)
	}
}

func newTurns(impl Impl, s selector.Selector) *turns {
	l := impl.NewLoop(s)
	if l == nil {
		fail("make a loop", "nil", "a loop", nil)
	}
	return &turns{EventLoop: l}
}

// note makes a callback that notes its name.
func (t *turns) note(name string) func() {
	return func() { t.notes = append(t.notes, name) }
}

func (t *turns) reader(fd int, fn func()) {
	noError("add a reader", t.AddReader(fd, fn))
}

// rounds runs n of them.
func (t *turns) rounds(n int) {
	for range n {
		noError("a round with something to do", t.Round())
	}
}

// heard expects these notes, and forgets them.
func (t *turns) heard(tried string, want ...string) {
	got := t.notes
	t.notes = nil
	wantHeard(tried, got, want)
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
