package task_test

// Cancel, at every moment of a Task's life. Read rig_test.go before.

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

func TestCancel(t *testing.T) {
	try(t, []situation{
		{"T03_cancel_before_the_first_step", func(s *stage) {
			t := task.Spawn(s.Loop, s.awaits(nil))
			require.True(s, t.Cancel())
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
			require.Empty(s, s.Seen)
		}},
		{"T04_cancel_while_awaiting", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			require.True(s, t.Cancel())
			require.Equal(s, future.Canceled, f.State(), "the future is cancelled with it")
			require.False(s, t.Done(), "its coroutine comes first")
			s.Settle()
			require.Equal(s, []string{"begun", "<nil> canceled", "ended"}, s.Seen)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T04_cancel_of_the_future_cancels_the_awaiter", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			f.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T05_swallowed_then_cancelled_again", func(s *stage) {
			one, two := future.New(s.Loop), future.New(s.Loop)
			t := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				_, err := task.Await(yield, one)
				s.Note("%v", err)
				return task.Await(yield, two)
			})
			s.GoRound(1)
			require.True(s, t.Cancel())
			s.GoRound(1)
			require.False(s, t.Done())
			require.True(s, t.Cancel())
			s.Settle()
			require.Equal(s, []string{"canceled"}, s.Seen)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T05_swallowed_then_a_result", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { _, _ = task.Await(yield, f); return "went on", nil })
			awaiter := task.Spawn(s.Loop, s.awaits(t))
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Finished, "went on", nil)
			s.ends(awaiter, future.Finished, "went on", nil)
		}},
		{"T06_result_then_cancel_in_one_round", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			require.NoError(s, f.SetResult("kept"))
			require.True(s, t.Cancel(), "cancel wins")
			s.Settle()
			require.Equal(s, []string{"begun", "<nil> canceled", "ended"}, s.Seen, "woken once")
			v, err := f.Result()
			require.NoError(s, err)
			require.Equal(s, "kept", v, "the value isn't lost")
		}},
		{"T06_cancel_then_result_in_one_round", func(s *stage) {
			f := future.New(s.Loop)
			task.Spawn(s.Loop, s.awaits(f)).AddDoneCallback(func() { s.Note("told") })
			t := task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			t.Cancel()
			require.ErrorIs(s, f.SetResult("late"), future.ErrDone)
			s.Settle()
			require.Equal(s, []string{"begun", "begun", "<nil> canceled", "ended", "<nil> canceled", "ended", "told"}, s.Seen)
		}},
		{"T07_cancel_of_a_done_task", func(s *stage) {
			t := task.Spawn(s.Loop, func(coro.Yield) (any, error) { return 1, nil })
			s.Settle()
			require.False(s, t.Cancel())
			require.Zero(s, t.Cancelling())
			s.ends(t, future.Finished, 1, nil)
		}},
		{"T08_self_cancel_takes_effect_at_the_next_await", func(s *stage) {
			f := future.New(s.Loop)
			var t *task.Task
			t = task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				s.Note("%v", t.Cancel())
				s.Note("still here")
				return task.Await(yield, f)
			})
			s.Settle()
			require.Equal(s, []string{"true", "still here"}, s.Seen)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
			require.Equal(s, future.Canceled, f.State())
		}},
		{"T08_self_cancel_then_a_bare_yield_or_a_return", func(s *stage) {
			var paused, returned *task.Task
			paused = task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { paused.Cancel(); return nil, task.Checkpoint(yield) })
			returned = task.Spawn(s.Loop, func(coro.Yield) (any, error) { returned.Cancel(); return "done", nil })
			s.Settle()
			s.ends(paused, future.Canceled, nil, future.ErrCanceled)
			s.ends(returned, future.Finished, "done", nil)
		}},
		{"T12_an_error_of_the_cleanup_is_reported", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { _, _ = task.Await(yield, f); return nil, io.ErrShortWrite })
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Finished, nil, io.ErrShortWrite)
		}},
		{"T12_both_errors_joined_are_a_cancellation", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				_, err := task.Await(yield, f)
				return nil, errors.Join(err, io.ErrShortWrite)
			})
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, io.ErrShortWrite)
		}},
		{"G13_down_a_deep_chain_of_tasks", func(s *stage) {
			reached := false
			var chain func(n int) coro.Body
			chain = func(n int) coro.Body {
				return func(yield coro.Yield) (any, error) {
					if n == 0 {
						_, err := task.Await(yield, future.New(s.Loop))
						reached = true
						return nil, err
					}
					return task.Await(yield, task.Spawn(s.Loop, chain(n-1)))
				}
			}
			t := task.Spawn(s.Loop, chain(deep))
			s.GoRound(deep + 1)
			require.True(s, t.Cancel())
			s.Settle()
			require.True(s, reached, "the innermost")
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T13_the_cleanup_awaits", func(s *stage) {
			f, flushed := future.New(s.Loop), future.New(s.Loop)
			t := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				_, err := task.Await(yield, f)
				v, flushErr := task.Await(yield, flushed)
				s.Note("%v %v", v, flushErr)
				return nil, err
			})
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			require.False(s, t.Done(), "it cleans up")
			require.NoError(s, flushed.SetResult("flushed"))
			s.Settle()
			require.Equal(s, []string{"flushed <nil>"}, s.Seen)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
	})
}

func TestTwoCancels(t *testing.T) {
	// swallows awaits twice, and notes what came of it.
	swallows := func(s *stage, one, two task.Awaitable) coro.Body {
		return func(yield coro.Yield) (any, error) {
			for _, a := range []task.Awaitable{one, two} {
				v, err := task.Await(yield, a)
				s.Note("%v %v", v, err)
			}
			return nil, nil
		}
	}
	try(t, []situation{
		{"T09_two_cancels_are_one_error", func(s *stage) {
			two := future.New(s.Loop)
			t := task.Spawn(s.Loop, swallows(s, future.New(s.Loop), two))
			s.GoRound(1)
			require.True(s, t.Cancel())
			require.True(s, t.Cancel())
			require.Equal(s, 2, t.Cancelling())
			s.GoRound(1)
			require.NoError(s, two.SetResult("second"))
			s.Settle()
			require.Equal(s, []string{"<nil> canceled", "second <nil>"}, s.Seen)
		}},
		{"T09_uncancel_counts_down_to_nothing", func(s *stage) {
			t := task.Spawn(s.Loop, s.awaits(future.New(s.Loop)))
			s.GoRound(1)
			t.Cancel()
			t.Cancel()
			require.Equal(s, []int{1, 0, 0}, []int{t.Uncancel(), t.Uncancel(), t.Uncancel()})
			require.Zero(s, t.Cancelling())
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T09_uncancel_before_the_error_is_delivered_takes_it_back", func(s *stage) {
			one, two := future.New(s.Loop), future.New(s.Loop)
			t := task.Spawn(s.Loop, swallows(s, one, two))
			s.GoRound(1)
			require.NoError(s, one.SetResult("first"))
			t.Cancel()
			require.Zero(s, t.Uncancel())
			require.NoError(s, two.SetResult("second"))
			s.Settle()
			require.Equal(s, []string{"first <nil>", "second <nil>"}, s.Seen)
		}},
	})
}
