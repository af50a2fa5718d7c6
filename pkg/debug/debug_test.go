package debug_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/debug"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/trace"
)

const slow = 100 * time.Millisecond

// rig is a loop whose clock moves only while it sleeps or a callback takes its time.
type rig struct {
	*looptest.Rig
	log []string // what was reported
}

func newRig(t *testing.T, p probe.Probe) *rig {
	r := &rig{Rig: looptest.New(t, looptest.Probe(p))}
	r.SetExceptionHandler(func(e loop.Exception) { r.log = append(r.log, fmt.Sprintf("%s: %v", e.Message, e.Err)) })
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

// takes is a callback during which d passes. Inlined, it would have another name.
//
//go:noinline
func (r *rig) takes(d time.Duration) func() { return func() { r.Time += d } }

// reported wants one report of a slow callback, made in this file.
func (r *rig) reported(took string) {
	r.Helper()
	require.Len(r, r.log, 1)
	assert.Contains(r, r.log[0], "a callback was slow: debug_test.rig.takes.func1 took "+took+", while nothing else could run (made by debug_test.Test")
	assert.Contains(r, r.log[0], "debug_test.go:")
	r.log = nil
}

func TestSlow(t *testing.T) {
	ways := map[string]func(r *rig, fn func()){
		"soon":    func(r *rig, fn func()) { r.CallSoon(fn) },
		"timer":   func(r *rig, fn func()) { r.CallLater(time.Second, fn) },
		"outside": func(r *rig, fn func()) { require.NoError(r, r.CallSoonThreadsafe(fn)) },
		"reader": func(r *rig, fn func()) {
			require.NoError(r, r.AddReader(7, fn))
			r.Fake.SetReady(7, selector.Read)
		},
	}
	for name, schedule := range ways {
		t.Run("T32_"+name, func(t *testing.T) {
			r := newRig(t, debug.Mode{})
			schedule(r, r.takes(slow-1))
			r.GoRound(1)
			require.Empty(t, r.log, "just quick enough")
			r.RemoveReader(7)
			schedule(r, r.takes(slow))
			r.GoRound(1)
			r.reported("100ms")
		})
	}
	t.Run("a_limit_of_one_s_own", func(t *testing.T) {
		r := newRig(t, debug.Mode{Slow: time.Second})
		r.CallSoon(r.takes(time.Second - 1))
		r.CallSoon(r.takes(time.Second))
		r.GoRound(1)
		r.reported("1s")
	})
	t.Run("L04_one_that_panics_is_reported_for_both", func(t *testing.T) {
		r := newRig(t, debug.Mode{})
		r.CallSoon(func() { r.Time += slow; panic("oops") })
		r.GoRound(1)
		require.Len(t, r.log, 2)
		require.Contains(t, r.log[0], "a callback was slow")
		require.Equal(t, "callback panicked: oops", r.log[1])
	})
	t.Run("a_timer_that_was_cancelled", func(t *testing.T) {
		r := newRig(t, debug.Mode{})
		timer := r.CallLater(time.Second, func() { t.Error("it runs") })
		require.True(t, timer.Cancel())
		require.False(t, timer.Cancel())
		require.ErrorIs(t, r.Round(), loop.ErrDeadlock)
		require.Empty(t, r.log)
	})
	t.Run("a_slow_sleep_is_no_slow_callback", func(t *testing.T) {
		r := newRig(t, debug.Mode{})
		r.CallLater(time.Hour, func() {})
		r.GoRound(1)
		require.Equal(t, time.Hour, r.Time)
		require.Empty(t, r.log)
	})
	t.Run("without_it_nothing_is_said", func(t *testing.T) {
		r := newRig(t, nil)
		r.CallSoon(r.takes(time.Hour))
		r.GoRound(1)
		require.Empty(t, r.log)
	})
	t.Run("beside_a_recording_no_name_is_lost", func(t *testing.T) {
		recorder := trace.NewRecorder(0)
		r := newRig(t, probe.All(recorder, debug.Mode{}))
		r.CallSoon(r.takes(slow))
		r.GoRound(1)
		r.reported("100ms")
		r.CallLater(0, r.takes(slow))
		r.GoRound(1)
		r.reported("100ms")
		require.NoError(t, r.CallSoonThreadsafe(r.takes(slow)))
		r.GoRound(1)
		r.reported("100ms")
		var names []string
		for _, e := range recorder.Events() {
			if e.Kind == trace.Began {
				names = append(names, e.Name+" "+e.Text)
			}
		}
		require.Equal(t, []string{"debug_test.rig.takes.func1 soon", "debug_test.rig.takes.func1 timer", "debug_test.rig.takes.func1 from outside"}, names)
	})
}

// TestByEnvironment runs itself, in a process whose environment asks for debug mode.
func TestByEnvironment(t *testing.T) {
	for value, want := range map[string]string{"1": "debug", "": "plain", "0": "plain"} {
		t.Run("STEPWISEDEBUG="+value, func(t *testing.T) {
			c := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.v")
			c.Env = append(os.Environ(), "STEPWISEDEBUG="+value, "STEPWISE_CHILD=1")
			out, err := c.CombinedOutput()
			require.NoError(t, err, string(out))
			require.Contains(t, strings.Fields(string(out)), want)
		})
	}
}

func TestChild(t *testing.T) {
	if os.Getenv("STEPWISE_CHILD") == "" {
		t.SkipNow() // TestByEnvironment runs it
	}
	stop := debug.ByEnvironment()
	defer stop()
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	os.Stdout.WriteString(map[bool]string{true: "debug\n", false: "plain\n"}[l.Site().Events() != nil])
	require.NoError(t, l.Close())
}

func BenchmarkCallback(b *testing.B) {
	for name, p := range map[string]probe.Probe{"off": nil, "debug": debug.Mode{}} {
		b.Run(name, func(b *testing.B) {
			l, err := loop.New(loop.Options{Selector: selector.NewFake(), Probe: p})
			require.NoError(b, err)
			fn := func() {}
			b.ReportAllocs()
			for b.Loop() {
				l.CallSoon(fn)
				_ = l.Round()
			}
			_ = l.Close()
		})
	}
}

func BenchmarkFuture(b *testing.B) {
	for name, p := range map[string]probe.Probe{"off": nil, "debug": debug.Mode{}} {
		b.Run(name, func(b *testing.B) {
			l, err := loop.New(loop.Options{Selector: selector.NewFake(), Probe: p})
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				_ = future.New(l).SetResult(nil)
			}
			_ = l.Close()
		})
	}
}
