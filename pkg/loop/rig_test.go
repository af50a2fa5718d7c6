package loop

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest/check"
	"stepwise/pkg/selector"
)

// situation is a case of the catalogue; why is printed when it fails.
type situation struct {
	id, why string
	run     func(r *rig)
}

// rig is a loop whose clock moves only while it sleeps, and a log of events.
type rig struct {
	*testing.T
	*Loop
	fake      *selector.Fake
	now       time.Duration
	told      *check.Selector // what the selector was told
	modifyErr error
	selectErr error // beside what is ready
	wakes     int
	log       []string
}

func runAll(t *testing.T, all []situation) {
	for _, c := range all {
		t.Run(c.id, func(t *testing.T) {
			r := newRig(t)
			defer func() {
				if t.Failed() {
					t.Log(c.why)
				}
			}()
			c.run(r)
			r.check()
			require.NoError(t, r.Close())
		})
	}
}

func newRig(t *testing.T) *rig {
	r, checker := &rig{T: t, fake: selector.NewFake()}, check.New(t)
	r.fake.Sleep = func(d time.Duration) { r.now += max(0, d) }
	r.told = checker.Selector(spy{r.fake, r})
	l, err := New(Options{Selector: r.told, Clock: clock{r}, Probe: checker})
	require.NoError(t, err)
	r.Loop = l
	l.SetExceptionHandler(func(e Exception) { r.say("%s: %v", e.Message, e.Err) })
	return r
}

type clock struct{ r *rig }

func (c clock) Now() time.Duration { return c.r.now }

// spy is a Selector that fails as its rig says, and counts its wake-ups.
type spy struct {
	selector.Selector
	r *rig
}

func (s spy) Modify(fd int, e selector.Events, data any) error {
	if s.r.modifyErr != nil {
		_ = s.Unregister(fd)
		return s.r.modifyErr
	}
	return s.Selector.Modify(fd, e, data)
}

func (s spy) Wake() error {
	s.r.wakes++
	return s.Selector.Wake()
}

func (s spy) Select(timeout time.Duration) ([]selector.Ready, error) {
	ready, err := s.Selector.Select(timeout)
	return ready, errors.Join(err, s.r.selectErr)
}

func (r *rig) say(format string, args ...any) { r.log = append(r.log, fmt.Sprintf(format, args...)) }

// note returns a callback that writes name down.
func (r *rig) note(name string) func() { return func() { r.say("%s", name) } }

// round runs one round and compares all that happened in it.
func (r *rig) round(want ...string) {
	r.Helper()
	r.log = nil
	require.NoError(r, r.Round())
	require.Equal(r, want, r.log)
	r.check()
}

// run runs until Stop and compares all that happened.
func (r *rig) run(want ...string) {
	r.Helper()
	r.log = nil
	require.NoError(r, r.Loop.Run())
	require.Equal(r, want, r.log)
	r.check()
}

func (r *rig) idle() {
	r.Helper()
	require.ErrorIs(r, r.Round(), ErrDeadlock)
	r.check()
}

func (r *rig) check() { r.Helper(); checkInvariants(r) }

// checkInvariants is the code of these formulas:
//
//	timers.cancelled = |{t ∈ heap: t.fn = nil}|
//	timers.background = |{t ∈ heap: t.fn ≠ nil, t.background}|
//	no timer is before its parent in the heap; each knows its heap
//	registered(fd) ⇔ fd ∈ watches, for what it has callbacks of, with it as data
//	no watch is empty or holds what was taken back; a turn has a function or an entry
//	closed ⇒ nothing waits
func checkInvariants(r *rig) {
	r.Helper()
	l := r.Loop
	cancelled, background := 0, 0
	for i, t := range l.timers.heap {
		if t.fn == nil {
			cancelled++
		} else if t.background {
			background++
		}
		require.Same(r, &l.timers, t.timers)
		require.False(r, i > 0 && l.timers.heap.Less(i, (i-1)/2), "timer %d is before its parent", i)
	}
	require.Equal(r, cancelled, l.timers.canceled, "cancelled")
	require.Equal(r, background, l.timers.background, "in the background")
	if l.state == closed {
		require.Empty(r, l.ready)
		require.Empty(r, l.outside)
		require.Empty(r, l.site.Owned())
		require.Empty(r, l.timers.heap)
		return
	}
	require.Len(r, r.told.Registered, len(l.watches))
	for fd, w := range l.watches {
		require.Equal(r, w.interest(), r.told.Registered[fd].Events, "fd %d", fd)
		require.NotZero(r, w.interest(), "fd %d", fd)
		require.Same(r, w, r.told.Registered[fd].Data, "fd %d", fd)
		for _, e := range []*entry{w.reader, w.writer} {
			require.False(r, e != nil && e.fn == nil, "fd %d", fd)
		}
	}
	require.False(r, slices.ContainsFunc(l.ready, func(h handle) bool { return (h.fn == nil) == (h.entry == nil) }))
}
