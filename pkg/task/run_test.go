package task_test

// How Run ends, and that nothing of it is left for the next. Read rig_test.go before.

import (
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

var errBroken = errors.New("the selector is broken")

// TestRunAfterRun: however a Run ends, the next is as long as its body.
func TestRunAfterRun(t *testing.T) {
	waits := func(s *stage, yield coro.Yield) error {
		_, err := task.Await(yield, future.New(s.Loop))
		return err
	}
	ends := map[string]struct {
		body func(s *stage, yield coro.Yield) error // of the first Run
		want error
	}{
		"it_returns":                         {func(s *stage, _ coro.Yield) error { return nil }, nil},
		"it_stops_the_loop_and_returns":      {func(s *stage, _ coro.Yield) error { s.Stop(); return nil }, nil},
		"it_stops_the_loop_and_fails":        {func(s *stage, _ coro.Yield) error { s.Stop(); return io.EOF }, io.EOF},
		"it_interrupts_the_loop_and_returns": {func(s *stage, _ coro.Yield) error { s.Interrupt(); return nil }, nil},
		"it_does_both_and_returns":           {func(s *stage, _ coro.Yield) error { s.Stop(); s.Interrupt(); return nil }, nil},
		"it_stops_the_loop_and_waits":        {func(s *stage, yield coro.Yield) error { s.Stop(); return waits(s, yield) }, task.ErrStopped},
		"it_stops_the_loop_and_has_its_turn": {func(s *stage, yield coro.Yield) error { s.Stop(); return task.Checkpoint(yield) }, task.ErrStopped},
		"nothing_will_ever_be_ready":         {waits, loop.ErrDeadlock},
		"the_selector_fails_as_it_returns":   {func(s *stage, _ coro.Yield) error { s.Failing = errBroken; return nil }, nil},
		"the_selector_fails_as_it_waits":     {func(s *stage, yield coro.Yield) error { s.Failing = errBroken; return task.Sleep(yield, 1) }, errBroken},
		"the_selector_fails_as_the_loop_stops": {func(s *stage, yield coro.Yield) error {
			s.Failing = errBroken
			s.CallSoon(s.Stop)
			return waits(s, yield)
		}, errBroken},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			defer s.Close()
			_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) { return nil, end.body(s, yield) })
			require.ErrorIs(t, err, end.want)
			s.Failing = nil
			v, err := task.Run(s.Loop, s.sleeps("next", time.Hour))
			require.NoError(t, err, "the next Run must not be stopped by the one before")
			require.Equal(t, "next", v)
			require.Empty(t, s.Reports)
		})
	}
	try(t, []situation{
		{"its_goroutine_ends", func(s *stage) {
			for _, body := range []func(yield coro.Yield) error{
				func(coro.Yield) error { runtime.Goexit(); return nil },
				func(yield coro.Yield) error { s.CallSoon(runtime.Goexit); return task.Sleep(yield, time.Second) },
			} {
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					_, _ = task.Run(s.Loop, func(yield coro.Yield) (any, error) { return nil, body(yield) })
				}()
				<-ended
				_, err := task.Run(s.Loop, s.sleeps("next", time.Hour))
				require.NoError(s, err)
			}
		}},
		{"its_task_ended_in_the_round_of_a_stop_and_the_others_go_on", func(s *stage) {
			other := s.Spawn(func(yield coro.Yield) error { return task.Sleep(yield, time.Minute) })
			_, err := task.Run(s.Loop, func(coro.Yield) (any, error) { s.Stop(); return nil, nil })
			require.NoError(s, err)
			require.False(s, other.Done())
			require.Zero(s, s.Now(), "it didn't wait for them")
		}},
	})
}

// TestAStoppedRunSaysWhyToOthersToo: the task of a Run that was stopped is canceled
// because of that, and not because its loop was closed.
func TestAStoppedRunSaysWhyToOthersToo(t *testing.T) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	var stopped *task.Task
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		stopped, _ = task.Current(yield)
		l.Stop()
		return task.Await(yield, future.New(l))
	})
	require.ErrorIs(t, err, task.ErrStopped)
	_, err = stopped.Result()
	require.ErrorIs(t, err, future.ErrCanceled)
	require.ErrorIs(t, err, task.ErrStopped)
	require.NotErrorIs(t, err, loop.ErrClosed)
	require.NoError(t, l.Close())
}

// TestRunUntilComplete: it is Run, for a Task that exists.
func TestRunUntilComplete(t *testing.T) {
	try(t, []situation{
		{"its_result_and_again", func(s *stage) {
			one := task.Spawn(s.Loop, s.sleeps("one", time.Second))
			for range 2 {
				v, err := task.RunUntilComplete(one)
				require.NoError(s, err)
				require.Equal(s, "one", v)
				require.Equal(s, time.Second, s.Now())
			}
		}},
		{"its_error", func(s *stage) {
			_, err := task.RunUntilComplete(task.Spawn(s.Loop, s.fails(time.Second, io.EOF)))
			require.Equal(s, io.EOF, err)
		}},
		{"others_go_on_in_the_next", func(s *stage) {
			long := task.Spawn(s.Loop, s.sleeps("long", time.Minute))
			_, err := task.RunUntilComplete(task.Spawn(s.Loop, s.sleeps("short", time.Second)))
			require.NoError(s, err)
			require.False(s, long.Done())
			_, err = task.RunUntilComplete(long)
			require.NoError(s, err)
			require.Equal(s, time.Minute, s.Now())
		}},
		{"it_is_canceled", func(s *stage) {
			one := task.Spawn(s.Loop, s.sleeps("one", time.Hour))
			s.CallLater(time.Second, func() { one.CancelCause(io.EOF) })
			_, err := task.RunUntilComplete(one)
			require.ErrorIs(s, err, future.ErrCanceled)
			require.ErrorIs(s, err, io.EOF)
		}},
		{"nothing_will_ever_be_ready_and_it_is_closed", func(s *stage) {
			one := s.Spawn(func(yield coro.Yield) error {
				_, err := task.Await(yield, future.New(s.Loop))
				return err
			})
			_, err := task.RunUntilComplete(one)
			require.ErrorIs(s, err, loop.ErrDeadlock)
			s.ends(one, future.Canceled, nil, loop.ErrDeadlock)
		}},
		{"the_loop_runs_already_and_the_task_goes_on", func(s *stage) {
			s.in(func(yield coro.Yield) {
				me, _ := task.Current(yield)
				other := task.Spawn(s.Loop, s.sleeps("other", time.Second))
				for _, one := range []*task.Task{me, other} {
					_, err := task.RunUntilComplete(one)
					require.ErrorIs(s, err, loop.ErrRunning)
				}
				v, err := task.Await(yield, other)
				require.NoError(s, err)
				require.Equal(s, "other", v)
			})
		}},
		{"on_a_closed_loop_the_task_says_so", func(s *stage) {
			require.NoError(s, s.Close())
			_, err := task.RunUntilComplete(task.Spawn(s.Loop, s.sleeps("one", 0)))
			require.ErrorIs(s, err, loop.ErrClosed)
		}},
		{"a_task_that_nobody_made", func(s *stage) {
			for _, one := range []*task.Task{nil, {}} {
				_, err := task.RunUntilComplete(one)
				require.ErrorIs(s, err, future.ErrNotMade)
			}
		}},
	})
}
