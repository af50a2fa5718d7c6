package loop

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/selector"
	"stepwise/pkg/trace"
)

// newDebugRig is a rig whose loop is in debug mode.
func newDebugRig(t *testing.T, slow time.Duration) *rig {
	r := newRig(t)
	require.NoError(t, r.Close())
	r.fake = selector.NewFake()
	r.fake.Sleep = func(d time.Duration) { r.now += max(0, d) }
	l, err := New(Options{Selector: spy{r.fake, r}, Clock: clock{r}, Debug: true, Slow: slow})
	require.NoError(t, err)
	r.Loop, r.log = l, nil
	l.SetExceptionHandler(func(e Exception) { r.say("%s: %v", e.Message, e.Err) })
	return r
}

// takes is a callback during which d passes. Inlined, it would have another name.
//
//go:noinline
func (r *rig) takes(d time.Duration) func() { return func() { r.now += d } }

// reported wants one report of a slow callback, made in this file.
func (r *rig) reported(took string) {
	r.Helper()
	require.Len(r, r.log, 1)
	assert.Contains(r, r.log[0], "a callback was slow: loop.rig.takes.func1 took "+took+", while nothing else could run (made by loop.TestDebug")
	assert.Contains(r, r.log[0], "debug_test.go:")
	r.log = nil
}

func TestDebugSlow(t *testing.T) {
	const slow = 100 * time.Millisecond
	ways := map[string]func(r *rig, fn func()){
		"soon":    func(r *rig, fn func()) { r.CallSoon(fn) },
		"timer":   func(r *rig, fn func()) { r.CallLater(time.Second, fn) },
		"outside": func(r *rig, fn func()) { require.NoError(r, r.CallSoonThreadsafe(fn)) },
		"reader": func(r *rig, fn func()) {
			require.NoError(r, r.AddReader(7, func() { r.RemoveReader(7); fn() }))
			r.fake.SetReady(7, selector.Read)
		},
	}
	for name, schedule := range ways {
		t.Run("T32_"+name, func(t *testing.T) {
			r := newDebugRig(t, 0)
			schedule(r, r.takes(slow-1))
			require.NoError(t, r.Round())
			require.Empty(t, r.log, "just quick enough")
			schedule(r, r.takes(slow))
			require.NoError(t, r.Round())
			if name == "reader" {
				require.Len(t, r.log, 1)
				require.Contains(t, r.log[0], "loop.TestDebugSlow.func4.1 took 100ms")
				return
			}
			r.reported("100ms")
			require.NoError(t, r.Close())
			require.Empty(t, r.log)
		})
	}
	t.Run("a_limit_of_one_s_own", func(t *testing.T) {
		r := newDebugRig(t, time.Second)
		r.CallSoon(r.takes(time.Second - 1))
		r.CallSoon(r.takes(time.Second))
		require.NoError(t, r.Round())
		r.reported("1s")
	})
	t.Run("L04_one_that_panics_is_reported_for_both", func(t *testing.T) {
		r := newDebugRig(t, 0)
		r.CallSoon(func() { r.now += slow; panic("oops") })
		require.NoError(t, r.Round())
		require.Len(t, r.log, 2)
		require.Contains(t, r.log[0], "a callback was slow")
		require.Equal(t, "callback panicked: oops", r.log[1])
	})
	t.Run("a_timer_that_was_cancelled", func(t *testing.T) {
		r := newDebugRig(t, 0)
		timer := r.CallLater(time.Second, r.note("never"))
		require.True(t, timer.Cancel())
		require.False(t, timer.Cancel())
		r.idle()
		require.Empty(t, r.log)
	})
	t.Run("a_slow_sleep_is_no_slow_callback", func(t *testing.T) {
		r := newDebugRig(t, 0)
		r.CallLater(time.Hour, r.note("timer"))
		r.round("timer")
	})
	t.Run("off_nothing_is_said", func(t *testing.T) {
		r := newRig(t)
		r.CallSoon(r.takes(time.Hour))
		require.NoError(t, r.Round())
		require.Empty(t, r.log)
		require.Nil(t, r.Origins())
	})
	t.Run("with_a_recording_names_stay", func(t *testing.T) {
		recorder := trace.NewRecorder(0)
		r := newDebugRig(t, 0)
		l, err := New(Options{Selector: selector.NewFake(), Clock: clock{r}, Debug: true, Trace: recorder})
		require.NoError(t, err)
		l.SetExceptionHandler(func(e Exception) { r.say("%s: %v", e.Message, e.Err) })
		l.CallSoon(r.takes(slow))
		l.CallLater(0, r.takes(0))
		require.NoError(t, l.Round())
		r.reported("100ms")
		var names []string
		for _, e := range recorder.Events() {
			if e.Kind == trace.Began {
				names = append(names, e.Name)
			}
		}
		require.Equal(t, []string{"loop.rig.takes.func1", "loop.rig.takes.func1"}, names)
		l.CallLater(0, r.takes(slow)) // of a timer no more is known then, and least of all what ran before
		require.NoError(t, l.Round())
		require.Len(t, r.log, 1)
		require.Regexp(t, `^a callback was slow: loop.*Timer.*traced.* took 100ms, while nothing else could run$`, r.log[0])
		require.NoError(t, l.Close())
	})
}

// TestDebugOffAllocatesNothing is about what everybody pays.
func TestDebugOffAllocatesNothing(t *testing.T) {
	l, err := New(Options{Selector: selector.NewFake()})
	require.NoError(t, err)
	fn := func() {}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		l.CallSoon(fn)
		_ = l.Round()
	}))
	require.NoError(t, l.Close())
}

// TestDebugByEnvironment runs itself, in a process whose environment asks for
// debug mode.
func TestDebugByEnvironment(t *testing.T) {
	for value, want := range map[string]string{"1": "debug", "": "plain", "0": "plain"} {
		t.Run("STEPWISEDEBUG="+value, func(t *testing.T) {
			c := exec.Command(os.Args[0], "-test.run=^TestDebugChild$", "-test.v")
			c.Env = append(os.Environ(), "STEPWISEDEBUG="+value, "STEPWISE_CHILD=1")
			out, err := c.CombinedOutput()
			require.NoError(t, err, string(out))
			require.Contains(t, strings.Fields(string(out)), want)
		})
	}
}

func TestDebugChild(t *testing.T) {
	if os.Getenv("STEPWISE_CHILD") == "" {
		t.SkipNow() // TestDebugByEnvironment runs it
	}
	l, err := New(Options{})
	require.NoError(t, err)
	os.Stdout.WriteString(map[bool]string{true: "debug\n", false: "plain\n"}[l.Origins() != nil])
	require.NoError(t, l.Close())
}

func BenchmarkCallback(b *testing.B) {
	for _, debug := range []bool{false, true} {
		b.Run(map[bool]string{false: "off", true: "debug"}[debug], func(b *testing.B) {
			l, err := New(Options{Selector: selector.NewFake(), Debug: debug})
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
