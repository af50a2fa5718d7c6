package task_test

// What the tests of this package stand on; read it first.

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// stage is a loop without a kernel, with the tasks that the tests here are about.
type stage struct{ *looptest.Rig }

func newStage(t testing.TB, change ...func(*loop.Options)) *stage {
	return &stage{looptest.New(t, change...)}
}

// sleeps is a body that notes its begin and its end, and returns name after d.
func (s *stage) sleeps(name string, d time.Duration) coro.Body {
	return func(yield coro.Yield) (any, error) {
		s.Note("%s begins", name)
		err := task.Sleep(yield, d)
		s.Note("%s ends: %v", name, err)
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

// awaits is a body that awaits a and notes what came.
func (s *stage) awaits(a task.Awaitable) coro.Body {
	return func(yield coro.Yield) (any, error) {
		s.Note("begun")
		defer s.Note("ended")
		v, err := task.Await(yield, a)
		s.Note("%v %v", v, err)
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

// try runs the situations, closes their loops, and wants back what they took.
func try(t *testing.T, situations []situation) {
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			before := leaktest.Begin(t)
			s := newStage(t)
			c.run(s)
			require.NoError(t, s.Close())
			before.End()
		})
	}
}
