package outside

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func TestOnSignal(t *testing.T) {
	situations := []struct {
		name string
		run  func(s *stage, yield coro.Yield)
	}{
		{"called for each signal of its kinds, on the loop", func(s *stage, yield coro.Yield) {
			calls := future.New(s.Loop)
			n := 0
			stop, err := OnSignal(s.Loop, func() {
				if n++; n == 2 {
					require.NoError(s, calls.SetResult(nil))
				} else {
					raise(s, two)
				}
			}, one, two)
			require.NoError(s, err)
			defer stop()
			raise(s, one)
			_, err = task.Await(yield, calls)
			require.NoError(s, err)
		}},
		{"the others keep their own", func(s *stage, yield coro.Yield) {
			other := s.notify(one, two)
			n := 0
			stop, err := OnSignal(s.Loop, func() { n++ }, two)
			require.NoError(s, err)
			defer stop()
			raise(s, one)
			require.Equal(s, one, s.next(yield, other))
			require.Zero(s, n)
		}},
		{"stop ends it, even for one that is on its way", func(s *stage, yield coro.Yield) {
			n := 0
			calls, err := onSignal(s.Loop, func() { n++ }, one)
			require.NoError(s, err)
			calls.deliver(one)
			require.Equal(s, 1, n)
			require.NoError(s, calls.Close())
			calls.deliver(one)
			require.Equal(s, 1, n)
		}},
		{"stop inside of it, and twice", func(s *stage, yield coro.Yield) {
			n := 0
			var stop func()
			stop, err := OnSignal(s.Loop, func() { n++; stop() }, one)
			require.NoError(s, err)
			other := s.notify(one)
			raise(s, one)
			s.next(yield, other)
			for n == 0 {
				require.NoError(s, task.Checkpoint(yield))
			}
			stop()
			raise(s, one)
			s.next(yield, other)
			s.turns(yield)
			require.Equal(s, 1, n)
		}},
		{"a panic of it is reported, and the next signal still comes", func(s *stage, yield coro.Yield) {
			n := 0
			stop, err := OnSignal(s.Loop, func() {
				if n++; n == 1 {
					raise(s, one)
					panic("oops")
				}
			}, one)
			require.NoError(s, err)
			defer stop()
			raise(s, one)
			for n < 2 {
				require.NoError(s, task.Checkpoint(yield))
			}
			require.Equal(s, []string{"callback panicked: oops"}, s.reported())
		}},
		{"closed with the loop, goroutine and all", func(s *stage, yield coro.Yield) {
			_, err := OnSignal(s.Loop, func() {}, one)
			require.NoError(s, err)
		}},
		{"misuse", func(s *stage, yield coro.Yield) {
			before := leaktest.Begin(s)
			_, err := OnSignal(s.Loop, nil, one)
			assert.ErrorIs(s, err, ErrNilFunc)
			_, err = OnSignal(s.Loop, func() {})
			assert.ErrorIs(s, err, ErrNoSignal)
			_, err = OnSignal(nil, func() {}, one)
			assert.ErrorIs(s, err, loop.ErrNilLoop)
			before.End()
		}},
	}
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) { play(t, false, c.run) })
	}
}

// TestOnSignalHolds: a loop with nothing else to do sleeps for the signal, until stop.
func TestOnSignalHolds(t *testing.T) {
	before := leaktest.Begin(t)
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer time.AfterFunc(leaktest.Patience, l.Stop).Stop() // a Run that hangs returns nil
	var stop func()
	came := false
	stop, err = OnSignal(l, func() { came = true; stop() }, one)
	require.NoError(t, err)
	raise(t, one)
	require.ErrorIs(t, l.Run(), loop.ErrDeadlock)
	require.True(t, came, "Run has not waited")
	require.NoError(t, l.Close())
	before.End()
}
