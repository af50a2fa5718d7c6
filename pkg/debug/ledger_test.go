package debug

// What debug mode itself costs. Read debug_test.go first.

import (
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// host is a loop whose clock moves only when it is told to.
type host struct {
	now      time.Duration
	reported []error
}

func (h *host) Now() time.Duration               { return h.now }
func (h *host) Report(_ string, err error)       { h.reported = append(h.reported, err) }
func (h *host) watched(m Mode) (g *ledger)       { return m.Watch(h).(*ledger) }
func (h *host) costs(d time.Duration) trace.Spot { h.now += d; return trace.Here() }

// TestItsOwnTimeIsNotTheCallbacks: a step that makes many futures is not slow because they
// are noted.
func TestItsOwnTimeIsNotTheCallbacks(t *testing.T) {
	ways := map[string]func(g *ledger){
		"futures":   func(g *ledger) { g.Made(new(int)) },
		"callbacks": func(g *ledger) { g.Scheduled(func() {}) },
		"sockets":   func(g *ledger) { g.Opened(new(int), time.Duration(0)) },
		"tasks":     func(g *ledger) { g.Spawned(new(int), new(string), func() {}) },
	}
	for name, make := range ways {
		t.Run(name, func(t *testing.T) {
			h := &host{}
			g := h.watched(Mode{Slow: time.Second})
			g.here = func() trace.Spot { return h.costs(time.Minute) }
			turn := func(own time.Duration) {
				g.Began(probe.Callback{})
				make(g)
				h.now += own
				make(g)
				g.Returned(probe.Callback{})
			}
			turn(time.Second - 1)
			require.Empty(t, h.reported)
			turn(time.Second)
			require.Len(t, h.reported, 1)
			slow := (*SlowError)(nil)
			require.ErrorAs(t, h.reported[0], &slow)
			require.Equal(t, time.Second, slow.Took, "its own time alone")
			make(g) // between two callbacks
			turn(time.Second)
			require.Len(t, h.reported, 2, "what came before it is not taken off")
		})
	}
}

// TestWhatItKeeps: futures that have a value are forgotten; those that may still be asked
// for are not.
func TestWhatItKeeps(t *testing.T) {
	g := (&host{}).watched(Mode{})
	pending, failed, task, result := new(int), new(int), new(string), new(int)
	for range 1000 {
		f := new(int)
		g.Made(f)
		g.Done(f, nil, nil, nil)
	}
	require.Empty(t, g.origins)
	g.Made(pending)
	g.Made(failed)
	g.Done(failed, nil, nil, io.EOF)
	g.Made(result)
	g.Spawned(task, result, func() {})
	g.Done(result, nil, nil, nil)
	require.Len(t, g.origins, 4)
	require.Contains(t, g.Origin(pending), "future made by debug.TestWhatItKeeps at ")
	require.Contains(t, g.Origin(failed), "future made by ")
	g.Read(result)
	require.Zero(t, g.unasked[g.places[0]], "it was still known")
	runtime.KeepAlive([]any{pending, failed, task, result})
}

// TestNothingIsPutIntoWords that nobody reads: a Spot costs an allocation or two, its words ten.
func TestNothingIsPutIntoWords(t *testing.T) {
	g := (&host{}).watched(Mode{})
	f := new(int)
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { g.Made(f) }), 3.0)
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { g.Scheduled(nil) }), 3.0)
}
