package task_test

// How a Task begins, runs and ends. Read rig_test.go before.

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func explode() { panic("boom") }

func TestTask(t *testing.T) {
	try(t, []situation{
		{"T01_return", func(s *stage) {
			v, err := task.Run(s.Loop, func(coro.Yield) (any, error) { return 42, nil })
			require.NoError(s, err)
			require.Equal(s, 42, v)
		}},
		{"T01_error", func(s *stage) {
			t := task.Spawn(s.Loop, func(coro.Yield) (any, error) { return nil, io.EOF })
			_, err := t.Result()
			require.ErrorIs(s, err, future.ErrNotReady)
			s.Settle()
			s.ends(t, future.Finished, nil, io.EOF)
		}},
		{"T01_G03_panic_with_stack_to_the_awaiter", func(s *stage) {
			child := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				if err := task.Checkpoint(yield); err != nil {
					return nil, err
				}
				explode()
				return nil, nil
			})
			_, err := task.Run(s.Loop, s.awaits(child))
			var panicked *coro.PanicError
			require.ErrorAs(s, err, &panicked)
			require.Contains(s, string(panicked.Stack), "explode")
			require.Equal(s, []string{"begun", "<nil> panic: boom", "ended"}, s.Seen)
			require.Empty(s, s.Reports, "it was read")
		}},
		{"T02_starts_in_the_next_round", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, s.awaits(f))
			require.Empty(s, s.Seen, "never inside Spawn")
			s.GoRound(1)
			require.Equal(s, []string{"begun"}, s.Seen)
			require.NoError(s, f.SetResult("v"))
			require.False(s, t.Done(), "never inside SetResult")
			s.GoRound(1)
			require.Equal(s, []string{"begun", "v <nil>", "ended"}, s.Seen)
			s.ends(t, future.Finished, "v", nil)
		}},
		{"T02_spawned_by_a_task_starts_after_it", func(s *stage) {
			_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) {
				child := task.Spawn(s.Loop, func(coro.Yield) (any, error) { s.Note("child"); return nil, nil })
				s.Note("parent")
				return task.Await(yield, child)
			})
			require.NoError(s, err)
			require.Equal(s, []string{"parent", "child"}, s.Seen)
		}},
		{"U14_two_tasks_await_one_future", func(s *stage) {
			f := future.New(s.Loop)
			one, two := task.Spawn(s.Loop, s.awaits(f)), task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			require.NoError(s, f.SetResult("same"))
			s.Settle()
			s.ends(one, future.Finished, "same", nil)
			s.ends(two, future.Finished, "same", nil)
		}},
		{"U13_a_result_from_another_goroutine_comes_by_CallSoonThreadsafe", func(s *stage) {
			f := future.New(s.Loop)
			called := make(chan struct{})
			go func() {
				defer close(called)
				_ = s.CallSoonThreadsafe(func() { _ = f.SetResult("there") })
			}()
			<-called
			v, err := task.Run(s.Loop, s.awaits(f))
			require.NoError(s, err)
			require.Equal(s, "there", v)
		}},
		{"U09_a_callback_that_panics_is_reported_the_others_run", func(s *stage) {
			f := future.New(s.Loop)
			f.AddDoneCallback(func() { s.Note("one") })
			f.AddDoneCallback(explode)
			f.AddDoneCallback(func() { s.Note("three") })
			require.NoError(s, f.SetResult(1))
			s.GoRound(1)
			require.Equal(s, []string{"one", "three"}, s.Seen)
			require.Len(s, s.Reports, 1)
			require.EqualError(s, s.Reports[0].Err, "boom")
		}},
	})
}

func TestAwaitMisuse(t *testing.T) {
	try(t, []situation{
		{"T10_await_of_itself", func(s *stage) {
			var t *task.Task
			t = task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { return task.Await(yield, t) })
			s.Settle()
			s.ends(t, future.Finished, nil, task.ErrCycle)
		}},
		{"T10_a_circle_of_three", func(s *stage) {
			var ring [3]*task.Task
			for i := range ring {
				ring[i] = task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { return task.Await(yield, ring[(i+1)%3]) })
			}
			s.Settle()
			for _, t := range ring {
				s.ends(t, future.Finished, nil, task.ErrCycle)
			}
		}},
		{"T11_of_another_loop", func(s *stage) {
			other := newStage(s.TB)
			defer other.Close()
			theirs := future.New(other.Loop)
			t := task.Spawn(s.Loop, s.awaits(theirs))
			s.Settle()
			s.ends(t, future.Finished, nil, task.ErrOtherLoop)
			require.False(s, theirs.Done())
		}},
		{"T11_not_awaitable", func(s *stage) {
			t := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { return yield(7) })
			s.Settle()
			s.ends(t, future.Finished, nil, task.ErrNotAwaitable)
			_, err := t.Result()
			require.ErrorContains(s, err, "not int")
		}},
		{"T11_nil", func(s *stage) {
			_, err := task.Run(s.Loop, s.awaits(nil))
			require.ErrorIs(s, err, task.ErrNotAwaitable)
		}},
		{"U15_a_nil_or_zero_future_or_task", func(s *stage) {
			for _, a := range []task.Awaitable{(*future.Future)(nil), &future.Future{}, (*task.Task)(nil), &task.Task{}} {
				_, err := task.Run(s.Loop, s.awaits(a))
				require.ErrorIs(s, err, future.ErrNotMade, "%T", a)
			}
			require.Empty(s, s.Reports)
		}},
		{"G09_no_yield", func(s *stage) {
			f := future.New(s.Loop)
			_, err := task.Await(nil, f)
			require.ErrorIs(s, err, task.ErrNoTask)
			require.ErrorIs(s, task.Checkpoint(nil), task.ErrNoTask)
		}},
		{"another_tasks_yield_is_refused", func(s *stage) {
			var stolen coro.Yield
			f := future.New(s.Loop)
			owner := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { stolen = yield; return task.Await(yield, f) })
			thief := task.Spawn(s.Loop, func(coro.Yield) (any, error) { return task.Await(stolen, f) })
			s.Settle()
			s.ends(thief, future.Finished, nil, coro.ErrNotRunning)
			_ = f.SetResult("mine")
			s.Settle()
			s.ends(owner, future.Finished, "mine", nil)
		}},
		{"nil_arguments_panic", func(s *stage) {
			require.Equal(s, "task: Spawn on a nil Loop", looptest.PanicOf(func() { task.Spawn(nil, s.awaits(nil)) }))
			require.Equal(s, "coro: New: body is nil", looptest.PanicOf(func() { task.Spawn(s.Loop, nil) }))
			require.ErrorIs(s, s.Run(), loop.ErrDeadlock, "nothing was left behind")
		}},
	})
}
