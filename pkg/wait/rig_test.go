package wait_test

// What the tests of this package stand on; read it first.

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// stage is a loop without a kernel, whose time passes only while it sleeps, and
// what happened on it.
type stage struct {
	*testing.T
	*loop.Loop
	time    time.Duration
	log     []string
	reports []string
}

func newStage(t *testing.T) *stage {
	s := &stage{T: t}
	fake := selector.NewFake()
	fake.Sleep = func(d time.Duration) { s.time += max(0, d) }
	l, err := loop.New(loop.Options{Selector: fake, Clock: clock{s}})
	require.NoError(t, err)
	s.Loop = l
	l.SetExceptionHandler(func(e loop.Exception) { s.reports = append(s.reports, e.String()) })
	return s
}

type clock struct{ s *stage }

func (c clock) Now() time.Duration { return c.s.time }

func (s *stage) note(format string, args ...any) { s.log = append(s.log, fmt.Sprintf(format, args...)) }

// spawn is a task that notes its name and how body has ended.
func (s *stage) spawn(name string, body func(yield coro.Yield) error) *task.Task {
	return task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
		err := body(yield)
		if err == nil {
			s.note("%s", name)
		} else {
			s.note("%s: %v", name, err)
		}
		return nil, nil
	})
}

// happened wants exactly that since the last time, when nothing is left to run.
func (s *stage) happened(want ...string) {
	s.Helper()
	require.ErrorIs(s, s.Loop.Run(), loop.ErrDeadlock)
	require.Equal(s, want, s.log)
	s.log = nil
}

// rounds runs n rounds.
func (s *stage) rounds(n int) {
	s.Helper()
	for range n {
		require.NoError(s, s.Round())
	}
}

// run is one body, to its end.
func (s *stage) run(body func(yield coro.Yield) error) error {
	_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) { return nil, body(yield) })
	return err
}

type situation struct {
	name string
	run  func(s *stage)
}

// try runs the situations, closes their loops, and wants every goroutine back.
func try(t *testing.T, situations []situation) {
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			s := newStage(t)
			c.run(s)
			require.NoError(t, s.Close())
			for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
				require.True(t, time.Now().Before(end), "goroutines: %d, were %d", runtime.NumGoroutine(), before)
			}
		})
	}
}
