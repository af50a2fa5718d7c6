package loop

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// listener is a probe that notes each turn, and numbers what is scheduled.
type listener struct {
	probe.Nothing
	scheduled int
	log       []string
}

func (p *listener) Watch(probe.Loop) probe.Events { return p }
func (p *listener) Scheduled(func()) any          { p.scheduled++; return p.scheduled }
func (p *listener) note(what string, c probe.Callback) {
	p.log = append(p.log, fmt.Sprintf("%s %d: %s, fd %d, by %v", what, c.Number, c.Why, c.FD, c.By))
}
func (p *listener) Queued(c probe.Callback)   { p.note("queued", c) }
func (p *listener) Began(c probe.Callback)    { p.note("began", c) }
func (p *listener) Skipped(c probe.Callback)  { p.note("skipped", c) }
func (p *listener) Returned(c probe.Callback) { p.note("returned", c) }

// TestWhatAProbeIsToldOfATurn: each way into the ready queue says why, and hands back
// what Scheduled said.
func TestWhatAProbeIsToldOfATurn(t *testing.T) {
	p := &listener{}
	fake := selector.NewFake()
	l, err := New(Options{Selector: fake, Probe: p})
	require.NoError(t, err)
	l.CallSoon(func() { l.RemoveWriter(3) })
	require.NoError(t, l.CallSoonThreadsafe(func() {}))
	l.CallLater(0, func() {})
	require.NoError(t, l.AddReader(3, func() {}))
	require.NoError(t, l.AddWriter(3, func() {}))
	fake.SetReady(3, selector.Read|selector.Write)
	require.NoError(t, l.Round())
	var want []string
	turns := []string{"soon, fd -1, by 1", "read, fd 3, by 4", "write, fd 3, by 5", "from outside, fd -1, by 2", "timer, fd -1, by 3"}
	for i, turn := range turns {
		want = append(want, fmt.Sprintf("queued %d: %s", i+1, turn))
	}
	for i, turn := range turns {
		want = append(want, fmt.Sprintf("began %d: %s", i+1, turn))
		if i == 2 {
			want = append(want, fmt.Sprintf("skipped %d: %s", i+1, turn))
		}
		want = append(want, fmt.Sprintf("returned %d: %s", i+1, turn))
	}
	require.Equal(t, want, p.log)
	require.NoError(t, l.Close())
}

// unwatched is a probe that notes what is no longer watched.
type unwatched struct {
	probe.Nothing
	log []string
}

func (p *unwatched) Watch(probe.Loop) probe.Events { return p }
func (p *unwatched) Unwatched(fd int, events fmt.Stringer) {
	p.log = append(p.log, fmt.Sprintf("fd %d to %v", fd, events))
}

// broken is a selector that loses what it is to watch for more.
type broken struct{ selector.Selector }

func (b broken) Modify(fd int, _ selector.Events, _ any) error {
	_ = b.Unregister(fd)
	return errOops
}

// TestALostDescriptorIsNoLongerWatched: otherwise a picture would show it as watched to
// its end.
func TestALostDescriptorIsNoLongerWatched(t *testing.T) {
	p := &unwatched{}
	l, err := New(Options{Selector: broken{selector.NewFake()}, Probe: p})
	require.NoError(t, err)
	require.NoError(t, l.AddReader(3, func() {}))
	require.ErrorIs(t, l.AddWriter(3, func() {}), errOops)
	require.Equal(t, []string{"fd 3 to read"}, p.log)
	require.False(t, l.RemoveReader(3))
	require.Len(t, p.log, 1)
	require.NoError(t, l.Close())
}
