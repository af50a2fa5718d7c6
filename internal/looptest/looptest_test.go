package looptest

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

func TestNew(t *testing.T) {
	t.Run("time passes while it sleeps, and only then", func(t *testing.T) {
		r := New(t)
		r.CallLater(time.Hour, r.Noting("an hour"))
		r.CallSoon(r.Noting("soon"))
		r.GoRound(1)
		r.Happened("soon")
		require.Zero(t, r.Time)
		r.GoRound(1)
		r.Happened("an hour")
		require.Equal(t, time.Hour, r.Now())
		require.Equal(t, []time.Duration{0, time.Hour}, r.Selector.Timeouts)
		r.Settle()
		r.Happened()
		require.NoError(t, r.Close())
	})
	t.Run("a descriptor is ready when the test says so", func(t *testing.T) {
		r := New(t)
		require.NoError(t, r.AddReader(7, r.Noting("reader")))
		require.Equal(t, selector.Read, r.Selector.Registered[7].Events)
		r.Fake.SetReady(7, selector.Read)
		r.GoRound(2)
		r.Happened("reader", "reader")
		require.NoError(t, r.Close())
	})
	t.Run("what goes wrong is collected", func(t *testing.T) {
		r := New(t)
		r.CallSoon(func() { panic("oops") })
		r.Failing = errors.New("broken")
		require.ErrorIs(t, r.Round(), r.Failing)
		require.Len(t, r.Reports, 1)
		require.NoError(t, r.Close())
	})
	t.Run("a probe of the test's own", func(t *testing.T) {
		mine := &counter{}
		r := New(t, Probe(mine))
		r.CallSoon(func() {})
		r.GoRound(1)
		require.Equal(t, 1, mine.began)
		require.NoError(t, r.Close())
	})
	t.Run("its rules are checked", func(t *testing.T) {
		j := &judge{TB: t}
		r := New(j)
		r.Site().Events().Woke(0)
		require.True(t, j.failed)
		require.NoError(t, r.Close())
	})
}

// judge is a test that may fail.
type judge struct {
	testing.TB
	failed bool
}

func (j *judge) Errorf(string, ...any) { j.failed = true }
func (j *judge) FailNow()              { panic("it fails now") }

func TestWaits(t *testing.T) {
	j := &judge{TB: t}
	r := New(j)
	r.Play(func(yield coro.Yield) {
		ended := r.Spawn(func(coro.Yield) error { return nil })
		require.Equal(t, "it fails now", PanicOf(func() { r.Waits(yield, ended) }))
	})
	require.True(t, j.failed)
	require.NoError(t, r.Close())
}

type counter struct {
	probe.Nothing
	began int
}

func (c *counter) Watch(probe.Loop) probe.Events { return c }
func (c *counter) Began(probe.Callback)          { c.began++ }

func TestRealSelectors(t *testing.T) {
	for name, open := range map[string]func(testing.TB, ...func(*loop.Options)) *Rig{"the kernel's clock": Real, "a clock that jumps": Quick} {
		t.Run(name, func(t *testing.T) {
			before := leaktest.Begin(t)
			var fds [2]int
			require.NoError(t, unix.Pipe(fds[:]))
			r := open(t)
			r.Play(func(yield coro.Yield) {
				require.NoError(t, r.AddReader(fds[0], func() { r.Note("reader"); r.RemoveReader(fds[0]) }))
				waits := r.Spawn(func(yield coro.Yield) error { return task.Sleep(yield, time.Hour) })
				r.Waits(yield, waits)
				_, err := unix.Write(fds[1], []byte("x"))
				require.NoError(t, err)
				require.NoError(t, task.Checkpoint(yield))
				require.NoError(t, task.Sleep(yield, time.Millisecond))
			})
			r.Happened("reader")
			require.NoError(t, r.Close())
			require.NoError(t, unix.Close(fds[0]))
			require.NoError(t, unix.Close(fds[1]))
			before.End()
		})
	}
	t.Run("it jumps to the timer, if nothing is ready", func(t *testing.T) {
		r := Quick(t)
		r.Play(func(yield coro.Yield) { require.NoError(t, task.Sleep(yield, time.Hour)) })
		require.Equal(t, time.Hour, r.Now())
		require.Equal(t, []time.Duration{time.Hour}, r.Slept)
		require.NoError(t, r.Close())
	})
}

func TestPanicOf(t *testing.T) {
	require.Equal(t, "oops", PanicOf(func() { panic("oops") }))
	require.Empty(t, PanicOf(func() {}))
}
