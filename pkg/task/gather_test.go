package task_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// in runs body in a Task, to its end.
func (s *stage) in(body func(yield coro.Yield)) {
	s.Helper()
	_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) { body(yield); return nil, nil })
	require.NoError(s, err)
}

func TestGather(t *testing.T) {
	try(t, []situation{
		{"T17_results_in_the_order_of_the_arguments", func(s *stage) {
			s.in(func(yield coro.Yield) {
				slow := task.Spawn(s.Loop, s.sleeps("slow", 3*time.Second))
				fast := task.Spawn(s.Loop, s.sleeps("fast", time.Second))
				values, err := task.Gather(yield, slow, fast)
				require.NoError(s, err)
				require.Equal(s, []any{"slow", "fast"}, values)
				require.Equal(s, 3*time.Second, s.Now(), "waiting costs no time twice")
			})
		}},
		{"T17_duplicates", func(s *stage) {
			s.in(func(yield coro.Yield) {
				one := task.Spawn(s.Loop, s.sleeps("one", time.Second))
				f := future.New(s.Loop)
				require.NoError(s, f.SetResult(2))
				values, err := task.Gather(yield, one, f, one)
				require.NoError(s, err)
				require.Equal(s, []any{"one", 2, "one"}, values)
			})
		}},
		{"T17_empty_is_done_at_once", func(s *stage) {
			s.in(func(yield coro.Yield) {
				round := s.Rounds()
				values, err := task.Gather(yield)
				require.NoError(s, err)
				require.Empty(s, values)
				outcomes, err := task.GatherOutcomes(yield)
				require.NoError(s, err)
				require.Empty(s, outcomes)
				require.Equal(s, round, s.Rounds())
			})
		}},
		{"T18_the_first_error_is_out_the_others_go_on", func(s *stage) {
			s.in(func(yield coro.Yield) {
				good := task.Spawn(s.Loop, s.sleeps("good", 5*time.Second))
				late := task.Spawn(s.Loop, s.fails(2*time.Second, io.ErrNoProgress))
				early := task.Spawn(s.Loop, s.fails(time.Second, io.ErrShortWrite))
				_, err := task.Gather(yield, good, late, early)
				require.Equal(s, io.ErrShortWrite, err)
				require.Equal(s, time.Second, s.Now())
				require.False(s, good.Done())
				_, err = task.Await(yield, good)
				require.NoError(s, err)
			})
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1, "the other error isn't lost")
			require.ErrorIs(s, s.Reports[0].Err, io.ErrNoProgress)
		}},
		{"T18_a_child_that_was_cancelled_is_an_error", func(s *stage) {
			s.in(func(yield coro.Yield) {
				good := task.Spawn(s.Loop, s.sleeps("good", time.Second))
				gone := task.Spawn(s.Loop, s.sleeps("gone", time.Second))
				gone.Cancel()
				_, err := task.Gather(yield, good, gone)
				require.ErrorIs(s, err, future.ErrCanceled)
				require.False(s, good.Done())
			})
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1, "good was pending")
		}},
		{"T18_outcomes_has_the_errors_too", func(s *stage) {
			s.in(func(yield coro.Yield) {
				outcomes, err := task.GatherOutcomes(yield, task.Spawn(s.Loop, s.fails(time.Second, io.EOF)),
					task.Spawn(s.Loop, s.sleeps("good", 2*time.Second)))
				require.NoError(s, err)
				require.Equal(s, []task.Outcome{{Err: io.EOF}, {Value: "good"}}, outcomes)
			})
			require.NoError(s, s.Close())
			require.Empty(s, s.Reports, "they were read")
		}},
		{"T19_cancelled_all_children_are_cancelled_and_awaited", func(s *stage) {
			flushed := future.New(s.Loop)
			child := func(name string) *task.Task {
				return task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
					_, err := task.Await(yield, future.New(s.Loop))
					_, _ = task.Await(yield, flushed)
					s.Note("%s is clean", name)
					return nil, err
				})
			}
			one, two := child("one"), child("two")
			t := s.Spawn(func(yield coro.Yield) error {
				_, err := task.Gather(yield, one, two)
				s.Note("gather: %v", err)
				return err
			})
			s.Settle()
			require.True(s, t.Cancel())
			s.Settle()
			require.False(s, t.Done(), "they clean up")
			require.NoError(s, flushed.SetResult(nil))
			s.Settle()
			require.Equal(s, []string{"one is clean", "two is clean", "gather: canceled"}, s.Seen)
			s.ends(one, future.Canceled, nil, future.ErrCanceled)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T19_a_second_cancel_reaches_the_children_too", func(s *stage) {
			stubborn := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				for i := range 3 {
					_, err := task.Await(yield, future.New(s.Loop))
					s.Note("%d %v", i, err)
				}
				return nil, nil
			})
			t := s.Spawn(func(yield coro.Yield) error { _, err := task.Gather(yield, stubborn); return err })
			for i := range 3 {
				s.Settle()
				require.False(s, t.Done(), "%d", i)
				t.Cancel()
			}
			s.Settle()
			require.Equal(s, []string{"0 canceled", "1 canceled", "2 canceled"}, s.Seen)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T10_T11_misuse", func(s *stage) {
			f := future.New(s.Loop)
			var t *task.Task
			t = s.Spawn(func(yield coro.Yield) error {
				for _, bad := range []task.Awaitable{nil, t, (*future.Future)(nil), &task.Task{}, future.New(s2(s))} {
					_, err := task.Gather(yield, f, bad)
					s.Note("%v", err)
					_, _, err = task.Wait(yield, task.AllCompleted, -1, bad)
					require.Error(s, err)
					_, err = task.Shield(yield, bad)
					require.Error(s, err)
					_, err = task.WaitFor(yield, 1, bad)
					require.Error(s, err)
					require.Error(s, task.CancelAndWait(yield, bad))
				}
				return nil
			})
			s.Settle()
			s.ends(t, future.Finished, nil, nil)
			require.Equal(s, []string{"task: gather: only a Future, a Task or the like can be awaited, not <nil>",
				"task: gather: tasks wait for each other in a circle", "task: gather: future was not made by New",
				"task: gather: future was not made by New", "task: gather: it belongs to another loop"}, s.Seen)
			require.False(s, f.Done())
		}},
		{"T10_a_circle_through_gather", func(s *stage) {
			var a, b *task.Task
			a = s.Spawn(func(yield coro.Yield) error { _, err := task.Gather(yield, future.New(s.Loop), b); return err })
			b = s.Spawn(func(yield coro.Yield) error { _, err := task.Await(yield, a); return err })
			s.GoRound(2)
			require.True(s, b.Done())
			s.ends(b, future.Finished, nil, task.ErrCycle)
			s.Settle()
			s.ends(a, future.Finished, nil, task.ErrCycle)
		}},
		{"G09_no_yield", func(s *stage) {
			_, err := task.Gather(nil)
			require.ErrorIs(s, err, task.ErrNoTask)
			_, err = task.LoopOf(nil)
			require.ErrorIs(s, err, task.ErrNoTask)
			require.ErrorIs(s, task.Sleep(nil, 1), task.ErrNoTask)
			require.ErrorIs(s, task.WithGroup(nil, nil), task.ErrNoTask)
			_, err = task.Timeout(nil, 1, nil)
			require.ErrorIs(s, err, task.ErrNoTask)
		}},
		{"G09_a_coroutine_that_no_task_runs", func(s *stage) {
			c := coro.New(func(yield coro.Yield) (any, error) { return task.LoopOf(yield) })
			c.Send(nil)
			c.Send("a stranger's answer")
			_, err := c.Result()
			require.ErrorIs(s, err, task.ErrNoTask)
		}},
	})
}

// s2 is another loop, which ends with the test.
func s2(s *stage) *stage {
	other := newStage(s.TB)
	s.Cleanup(func() { _ = other.Close() })
	return other
}

func TestWait(t *testing.T) {
	// three tasks: fails after 1 s, cancelled by then; succeeds after 2 s; fails after 3 s.
	spawn := func(s *stage) []task.Awaitable {
		return []task.Awaitable{task.Spawn(s.Loop, s.fails(3*time.Second, io.EOF)), task.Spawn(s.Loop, s.sleeps("good", 2*time.Second))}
	}
	try(t, []situation{
		{"T29_first_completed", func(s *stage) {
			s.in(func(yield coro.Yield) {
				as := spawn(s)
				done, pending, err := task.Wait(yield, task.FirstCompleted, -1, as...)
				require.NoError(s, err)
				require.Equal(s, as[1:], done)
				require.Equal(s, as[:1], pending)
				require.Equal(s, 2*time.Second, s.Now())
				_, err = task.Await(yield, pending[0])
				require.ErrorIs(s, err, io.EOF, "it was not cancelled")
			})
		}},
		{"T29_first_exception", func(s *stage) {
			s.in(func(yield coro.Yield) {
				as := spawn(s)
				gone, slow := task.Spawn(s.Loop, s.sleeps("gone", 1)), task.Spawn(s.Loop, s.sleeps("slow", 4*time.Second))
				gone.Cancel()
				done, pending, err := task.Wait(yield, task.FirstException, -1, append(as, gone, slow)...)
				require.NoError(s, err)
				require.Len(s, done, 3, "one that was cancelled has not failed")
				require.Equal(s, []task.Awaitable{slow}, pending)
				require.Equal(s, 3*time.Second, s.Now())
				_, err = task.Await(yield, slow)
				require.NoError(s, err)
			})
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1, "T31: Wait has not read the error for the caller")
		}},
		{"T29_first_exception_without_one_is_all", func(s *stage) {
			s.in(func(yield coro.Yield) {
				done, pending, err := task.Wait(yield, task.FirstException, -1, task.Spawn(s.Loop, s.sleeps("a", 1)), task.Spawn(s.Loop, s.sleeps("b", 2)))
				require.NoError(s, err)
				require.Len(s, done, 2)
				require.Empty(s, pending)
			})
		}},
		{"T29_all_completed_duplicates_once", func(s *stage) {
			s.in(func(yield coro.Yield) {
				as := spawn(s)
				done, pending, err := task.Wait(yield, task.AllCompleted, -1, as[0], as[1], as[0])
				require.NoError(s, err)
				require.Equal(s, as, done)
				require.Empty(s, pending)
				_, _ = as[0].Result()
			})
		}},
		{"T29_a_limit_is_no_error", func(s *stage) {
			s.in(func(yield coro.Yield) {
				as := spawn(s)
				done, pending, err := task.Wait(yield, task.AllCompleted, time.Second, as...)
				require.NoError(s, err)
				require.Empty(s, done)
				require.Equal(s, as, pending)
				require.Equal(s, time.Second, s.Now())
				_, _ = task.GatherOutcomes(yield, as...)
			})
		}},
		{"T29_a_limit_of_0_is_a_look", func(s *stage) {
			s.in(func(yield coro.Yield) {
				f, g := future.New(s.Loop), future.New(s.Loop)
				require.NoError(s, f.SetResult(1))
				done, pending, err := task.Wait(yield, task.AllCompleted, 0, f, g)
				require.NoError(s, err)
				require.Equal(s, []task.Awaitable{f}, done)
				require.Equal(s, []task.Awaitable{g}, pending)
				require.Zero(s, s.Now())
			})
		}},
		{"T29_M04_cancelled_the_others_go_on_and_nothing_is_left", func(s *stage) {
			f := future.New(s.Loop)
			t := s.Spawn(func(yield coro.Yield) error {
				_, _, err := task.Wait(yield, task.AllCompleted, time.Hour, f)
				return err
			})
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
			require.False(s, f.Done())
			require.Empty(s, s.Fake.Slept(), "the timer is gone")
			require.NoError(s, f.SetResult(nil))
			require.ErrorContains(s, s.Round(), "nothing left", "no callback is left")
		}},
		{"T29_empty", func(s *stage) {
			s.in(func(yield coro.Yield) {
				done, pending, err := task.Wait(yield, task.FirstCompleted, -1)
				require.NoError(s, err)
				require.Empty(s, append(done, pending...))
			})
		}},
	})
}

func TestShield(t *testing.T) {
	try(t, []situation{
		{"T15_outer_cancelled_inner_goes_on", func(s *stage) {
			inner := task.Spawn(s.Loop, s.sleeps("inner", time.Second))
			t := s.Spawn(func(yield coro.Yield) error { _, err := task.Shield(yield, inner); return err })
			s.GoRound(2)
			t.Cancel()
			s.GoRound(2)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
			require.Zero(s, inner.Cancelling())
			s.Settle()
			s.ends(inner, future.Finished, "inner", nil)
		}},
		{"T15_its_error_is_still_reported", func(s *stage) {
			inner := task.Spawn(s.Loop, s.fails(time.Second, io.EOF))
			t := s.Spawn(func(yield coro.Yield) error { _, err := task.Shield(yield, inner); return err })
			s.GoRound(2)
			t.Cancel()
			s.Settle()
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1)
			require.ErrorIs(s, s.Reports[0].Err, io.EOF)
		}},
		{"T15_nobody_cancels", func(s *stage) {
			s.in(func(yield coro.Yield) {
				v, err := task.Shield(yield, task.Spawn(s.Loop, s.sleeps("inner", time.Second)))
				require.NoError(s, err)
				require.Equal(s, "inner", v)
				_, err = task.Shield(yield, task.Spawn(s.Loop, s.fails(time.Second, io.EOF)))
				require.ErrorIs(s, err, io.EOF)
			})
		}},
		{"T16_inner_cancelled_outer_is_cancelled", func(s *stage) {
			inner := task.Spawn(s.Loop, s.sleeps("inner", time.Second))
			t := s.Spawn(func(yield coro.Yield) error { _, err := task.Shield(yield, inner); return err })
			s.GoRound(2)
			inner.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
	})
}

func TestCancelWithACause(t *testing.T) {
	errCause := errors.New("the user has left")
	try(t, []situation{
		{"while_it_awaits", func(s *stage) {
			inner := task.Spawn(s.Loop, s.sleeps("inner", time.Hour))
			t := task.Spawn(s.Loop, s.awaits(inner))
			s.GoRound(2)
			require.True(s, t.CancelCause(errCause))
			s.Settle()
			s.ends(t, future.Canceled, nil, errCause)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
			s.ends(inner, future.Canceled, nil, errCause)
			require.Contains(s, s.Seen, "inner ends: canceled: the user has left")
		}},
		{"before_the_first_step", func(s *stage) {
			t := task.Spawn(s.Loop, s.awaits(nil))
			require.True(s, t.CancelCause(errCause))
			s.Settle()
			s.ends(t, future.Canceled, nil, errCause)
			require.False(s, t.CancelCause(io.EOF))
		}},
		{"by_itself", func(s *stage) {
			var t *task.Task
			f := future.New(s.Loop)
			t = task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { t.CancelCause(errCause); return task.Await(yield, f) })
			s.Settle()
			s.ends(t, future.Canceled, nil, errCause)
			_, err := f.Result()
			require.ErrorIs(s, err, errCause)
		}},
		{"CancelAndWait_waits_for_the_clean_up", func(s *stage) {
			s.in(func(yield coro.Yield) {
				child := s.Spawn(func(yield coro.Yield) error {
					err := task.Sleep(yield, time.Hour)
					_ = task.Sleep(yield, time.Second)
					s.Note("clean")
					return err
				})
				require.NoError(s, task.Checkpoint(yield))
				require.NoError(s, task.CancelAndWait(yield, child, child))
				require.Equal(s, []string{"clean"}, s.Seen)
				s.ends(child, future.Canceled, nil, future.ErrCanceled)
				require.NoError(s, task.CancelAndWait(yield, child), "again")
			})
		}},
		{"CancelAndWait_cancelled_itself", func(s *stage) {
			clean := future.New(s.Loop)
			child := s.Spawn(func(yield coro.Yield) error {
				_, _ = task.Await(yield, future.New(s.Loop))
				_, err := task.Await(yield, clean)
				s.Note("%v", err)
				return nil
			})
			s.Settle()
			t := s.Spawn(func(yield coro.Yield) error { return task.CancelAndWait(yield, child) })
			s.Settle()
			require.False(s, t.Done(), "the child cleans up")
			t.Cancel()
			s.Settle()
			require.Equal(s, []string{"canceled"}, s.Seen, "it is passed on")
			s.ends(child, future.Finished, nil, nil)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
	})
}
