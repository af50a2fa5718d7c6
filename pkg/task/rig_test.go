package task_test

// What the tests of this package stand on; read it first.

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// stage is a loop without a kernel, whose time passes only while it sleeps, what
// it reported, and what happened on it.
type stage struct {
	*testing.T
	*loop.Loop
	fake    *selector.Fake
	time    time.Duration
	failing error // what select says, after it has told what is ready
	log     []string
	reports []loop.Exception
}

func newStage(t *testing.T) *stage {
	s := &stage{T: t, fake: selector.NewFake()}
	s.fake.Sleep = func(d time.Duration) { s.time += max(0, d) }
	l, err := loop.New(loop.Options{Selector: failing{s.fake, s}, Clock: clock{s}})
	require.NoError(t, err)
	s.Loop = l
	l.SetExceptionHandler(func(e loop.Exception) { s.reports = append(s.reports, e) })
	return s
}

// failing is a Selector that fails as its stage says.
type failing struct {
	selector.Selector
	s *stage
}

func (f failing) Select(timeout time.Duration) ([]selector.Ready, error) {
	ready, err := f.Selector.Select(timeout)
	if f.s.failing != nil {
		err = f.s.failing
	}
	return ready, err
}

type clock struct{ s *stage }

func (c clock) Now() time.Duration { return c.s.time }

// spawn is for a body that has no value to return.
func (s *stage) spawn(body func(yield coro.Yield) error) *task.Task {
	return task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { return nil, body(yield) })
}

// sleeps is a body that notes its begin and its end, and returns name after d.
func (s *stage) sleeps(name string, d time.Duration) coro.Body {
	return func(yield coro.Yield) (any, error) {
		s.note("%s begins", name)
		err := task.Sleep(yield, d)
		s.note("%s ends: %v", name, err)
		return name, err
	}
}

// fails is a body that fails with err after d.
func (s *stage) fails(d time.Duration, err error) coro.Body {
	return func(yield coro.Yield) (any, error) {
		if err := task.Sleep(yield, d); err != nil {
			return nil, err
		}
		return nil, err
	}
}

func (s *stage) note(format string, args ...any) { s.log = append(s.log, fmt.Sprintf(format, args...)) }

// rounds runs n rounds.
func (s *stage) rounds(n int) {
	s.Helper()
	for range n {
		require.NoError(s, s.Round())
	}
}

// settle runs rounds until nothing is left to run.
func (s *stage) settle() {
	s.Helper()
	require.ErrorIs(s, s.Loop.Run(), loop.ErrDeadlock)
}

// awaits is a body that awaits a and notes what came.
func (s *stage) awaits(a task.Awaitable) coro.Body {
	return func(yield coro.Yield) (any, error) {
		s.note("begun")
		defer s.note("ended")
		v, err := task.Await(yield, a)
		s.note("%v %v", v, err)
		return v, err
	}
}

// ends asserts how t has ended.
func (s *stage) ends(t *task.Task, state future.State, value any, err error) {
	s.Helper()
	require.Equal(s, state.String(), t.State().String())
	v, got := t.Result()
	require.Equal(s, value, v)
	if err == nil {
		require.NoError(s, got)
	} else {
		require.ErrorIs(s, got, err)
	}
}

type situation struct {
	name string
	run  func(s *stage)
}

// try runs the situations, closes their loops, and counts goroutines before
// and after each.
func try(t *testing.T, situations []situation) {
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			s := newStage(t)
			c.run(s)
			require.NoError(t, s.Close())
			for end := time.Now().Add(2 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
				require.True(t, time.Now().Before(end), "goroutines: %d, were %d", runtime.NumGoroutine(), before)
			}
		})
	}
}

// panicOf is the text of fn's panic, "" if there is none.
func panicOf(fn func()) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprint(v)
		}
	}()
	fn()
	return ""
}
