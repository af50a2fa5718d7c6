package outside

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

var errBad = errors.New("bad")

// work is a function that runs until gate is closed, and says when it has begun.
type work struct {
	begun, gate chan struct{}
	value       any
	err         error
	panics      any
	ctx         context.Context
}

func newWork() *work { return &work{begun: make(chan struct{}), gate: make(chan struct{})} }

func (w *work) run(ctx context.Context) (any, error) {
	w.ctx = ctx
	close(w.begun)
	<-w.gate
	if w.panics != nil {
		panic(w.panics)
	}
	return w.value, w.err
}

// closer says when it was closed.
type closer chan struct{}

func (c closer) Close() error { close(c); return nil }

// begin is a task in Run of w, which has begun.
func (s *stage) begin(yield coro.Yield, w *work) *task.Task {
	t := s.spawn(func(yield coro.Yield) (any, error) { return Run(yield, w.run) })
	require.NoError(s, task.Checkpoint(yield))
	<-w.begun
	return t
}

func TestRun(t *testing.T) {
	tests := []struct {
		name string
		fn   func(context.Context) (any, error)
		want func(t *stage, v any, err error)
	}{
		{"a_value", func(context.Context) (any, error) { return 7, nil }, func(s *stage, v any, err error) {
			require.NoError(s, err)
			require.Equal(s, 7, v)
		}},
		{"an_error_and_a_value", func(context.Context) (any, error) { return 7, errBad }, func(s *stage, v any, err error) {
			require.Equal(s, errBad, err)
			require.Equal(s, 7, v)
		}},
		{"an_error_that_would_cancel_a_future", func(context.Context) (any, error) { return nil, future.ErrCanceled }, func(s *stage, v any, err error) {
			require.Equal(s, future.ErrCanceled, err)
		}},
		{"G03_a_panic", func(context.Context) (any, error) { panic(errBad) }, func(s *stage, v any, err error) {
			var panicked *coro.PanicError
			require.ErrorAs(s, err, &panicked)
			require.ErrorIs(s, err, errBad)
			require.Contains(s, string(panicked.Stack), "run_test.go")
			require.Nil(s, v)
		}},
		{"G11_Goexit", func(context.Context) (any, error) { runtime.Goexit(); return nil, nil }, func(s *stage, v any, err error) {
			require.Equal(s, coro.ErrGoexit, err)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			play(t, false, func(s *stage, yield coro.Yield) {
				v, err := Run(yield, test.fn)
				test.want(s, v, err)
				v, err = Run(yield, func(context.Context) (any, error) { return "again", nil })
				require.NoError(s, err)
				require.Equal(s, "again", v)
				require.Empty(s, s.Reports)
			})
		})
	}
	t.Run("the_others_run_meanwhile", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			w := newWork()
			w.value = 7
			a := s.begin(yield, w)
			s.turns(yield)
			require.Equal(s, []string{"nothing: it is about to run", "work outside"}, s.Where().Tasks)
			close(w.gate)
			v, err := task.Await(yield, a)
			require.NoError(s, err)
			require.Equal(s, 7, v)
		})
	})
	t.Run("results_of_a_known_type", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			n, err := RunAs(yield, func(context.Context) (int, error) { return 7, nil })
			require.NoError(s, err)
			require.Equal(s, 7, n)
		})
	})
	t.Run("L15_many_in_a_row", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			for i := range 2000 {
				v, err := Run(yield, func(context.Context) (any, error) { return i, nil })
				require.NoError(s, err)
				require.Equal(s, i, v)
			}
		})
	})
}

func TestRunMisuse(t *testing.T) {
	fn := func(context.Context) (any, error) { return nil, nil }
	play(t, false, func(s *stage, yield coro.Yield) {
		_, err := Run(nil, fn)
		require.ErrorIs(s, err, task.ErrNoTask)
		_, err = Run(yield, nil)
		require.ErrorIs(s, err, ErrNilFunc)
		_, err = RunAs[int](yield, nil)
		require.ErrorIs(s, err, ErrNilFunc)
		c := coro.New(func(yield coro.Yield) (any, error) { return Run(yield, fn) })
		_, more := c.Send(nil)
		require.True(s, more, "it asks for its task")
		_, more = c.Send("not a task")
		require.False(s, more)
		_, err = c.Result()
		require.ErrorIs(s, err, task.ErrNoTask, "no task runs the coroutine")
		assert.Empty(s, s.Reports)
	})
}

func TestHold(t *testing.T) {
	t.Run("L23_an_abandoned_function_does_not_keep_the_loop", func(t *testing.T) {
		s := newStage(t, false)
		w := newWork()
		a := s.spawn(func(yield coro.Yield) (any, error) { return Run(yield, w.run) })
		require.NoError(t, s.Round())
		<-w.begun
		a.Cancel()
		require.ErrorIs(t, s.Run(), loop.ErrDeadlock)
		close(w.gate)
		require.NoError(t, s.Close())
	})
}
