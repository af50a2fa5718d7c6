package task_test

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// limited is a body that sleeps for long under a limit, and notes its error.
func (s *stage) limited(limit time.Duration, body coro.Body) coro.Body {
	return func(yield coro.Yield) (any, error) {
		v, err := task.Timeout(yield, limit, body)
		s.Note("%v: %v", limit, err)
		return v, err
	}
}

func TestTimeout(t *testing.T) {
	try(t, []situation{
		{"T23_it_fires", func(s *stage) {
			s.in(func(yield coro.Yield) {
				t, _ := task.Current(yield)
				_, err := task.Timeout(yield, time.Second, s.sleeps("slow", time.Hour))
				var timeout *task.TimeoutError
				require.ErrorAs(s, err, &timeout)
				require.Equal(s, time.Second, timeout.After)
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.NotErrorIs(s, err, future.ErrCanceled, "timed out is not cancelled")
				require.EqualError(s, err, "timed out after 1s (canceled)")
				require.True(s, timeout.Timeout())
				require.Equal(s, []string{"slow begins", "slow ends: canceled"}, s.Seen)
				require.Zero(s, t.Cancelling())
				require.NoError(s, task.Sleep(yield, time.Second), "the task is usable afterwards")
				require.Equal(s, 2*time.Second, s.Now())
			})
			require.Equal(s, []time.Duration{time.Second, time.Second}, s.Fake.Slept(), "no timer was left")
		}},
		{"T23_it_does_not_fire", func(s *stage) {
			s.in(func(yield coro.Yield) {
				v, err := task.Timeout(yield, time.Second, func(coro.Yield) (any, error) { return "quick", nil })
				require.NoError(s, err)
				require.Equal(s, "quick", v)
				_, err = task.Timeout(yield, time.Second, func(coro.Yield) (any, error) { return nil, io.EOF })
				require.Equal(s, io.EOF, err)
				text, err := task.TimeoutAs(yield, time.Second, func(coro.Yield) (string, error) { return "typed", nil })
				require.NoError(s, err)
				require.Equal(s, "typed", text)
			})
			s.Settle()
			require.Empty(s, s.Fake.Slept(), "no timer is left")
		}},
		{"T24_zero_and_negative_fail_at_the_first_await", func(s *stage) {
			done := future.New(s.Loop)
			require.NoError(s, done.SetResult(1))
			for _, d := range []time.Duration{0, -1, -1 << 63} {
				s.in(func(yield coro.Yield) {
					_, err := task.Timeout(yield, d, func(yield coro.Yield) (any, error) {
						s.Note("begun")
						return task.Await(yield, done)
					})
					require.ErrorIs(s, err, os.ErrDeadlineExceeded)
					_, err = task.Deadline(yield, s.Now()+d, func(coro.Yield) (any, error) { return "never waits", nil })
					require.NoError(s, err)
					require.NoError(s, task.Checkpoint(yield), "and no cancellation is left behind")
				})
			}
			require.Equal(s, []string{"begun", "begun", "begun"}, s.Seen)
			require.Zero(s, s.Now())
		}},
		{"T24_a_deadline_in_the_past", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.Sleep(yield, time.Minute))
				_, err := task.Deadline(yield, time.Second, s.sleeps("late", 1))
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				_, err = task.Deadline(yield, time.Minute+time.Second, s.sleeps("in time", time.Second/2))
				require.NoError(s, err)
				_, err = task.Deadline(yield, time.Minute+time.Second, s.sleeps("what is left", time.Second))
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.Equal(s, time.Minute+time.Second, s.Now())
			})
		}},
		{"T25_outer_cancel_just_as_the_timeout_fires", func(s *stage) {
			for _, first := range []bool{true, false} {
				s.Seen = nil
				var t *task.Task
				cancel := func() { t.Cancel() }
				at := s.Now() + time.Second
				if first {
					s.CallAt(at, cancel)
				}
				t = task.Spawn(s.Loop, s.limited(time.Second, s.sleeps("slow", time.Hour)))
				s.GoRound(1)
				if !first {
					s.CallAt(at, cancel)
				}
				s.Settle()
				s.ends(t, future.Canceled, nil, future.ErrCanceled)
				require.Equal(s, []string{"slow begins", "slow ends: canceled", "1s: canceled"}, s.Seen)
			}
		}},
		{"T25_cancelled_before_it_fires_which_it_then_does_in_the_clean_up", func(s *stage) {
			t := task.Spawn(s.Loop, s.limited(time.Second, func(yield coro.Yield) (any, error) {
				err := task.Sleep(yield, time.Hour)
				_ = task.Sleep(yield, 2*time.Second)
				return nil, err
			}))
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T26_nested_the_inner_first", func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := s.limited(2*time.Second, s.limited(time.Second, s.sleeps("slow", time.Hour)))(yield)
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
			})
			require.Equal(s, []string{"slow begins", "slow ends: canceled", "1s: timed out after 1s (canceled)", "2s: timed out after 1s (canceled)"}, s.Seen)
		}},
		{"T26_nested_the_outer_first", func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := s.limited(time.Second, s.limited(2*time.Second, s.sleeps("slow", time.Hour)))(yield)
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
			})
			require.Equal(s, []string{"slow begins", "slow ends: canceled", "2s: canceled", "1s: timed out after 1s (canceled)"}, s.Seen)
		}},
		{"T26_nested_both_in_one_round_the_outer_reports", func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := s.limited(time.Second, s.limited(time.Second, s.sleeps("slow", time.Hour)))(yield)
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.NoError(s, task.Checkpoint(yield), "both have taken their cancel back")
			})
			require.Equal(s, []string{"slow begins", "slow ends: canceled", "1s: canceled", "1s: timed out after 1s (canceled)"}, s.Seen)
		}},
		{"T27_a_body_that_ignores_it_is_waited_for", func(s *stage) {
			s.in(func(yield coro.Yield) {
				v, err := task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) {
					_ = task.Sleep(yield, time.Hour)
					return "went on", task.Sleep(yield, time.Minute)
				})
				require.NoError(s, err)
				require.Equal(s, "went on", v)
				require.Equal(s, time.Minute+time.Second, s.Now())
				require.NoError(s, task.Checkpoint(yield))
			})
		}},
		{"T12_an_error_of_the_clean_up_is_reported", func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) {
					_ = task.Sleep(yield, time.Hour)
					return nil, io.ErrShortWrite
				})
				require.Equal(s, io.ErrShortWrite, err)
				_, err = task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) {
					return nil, errors.Join(task.Sleep(yield, time.Hour), io.ErrShortWrite)
				})
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.ErrorContains(s, err, "short write")
			})
		}},
		{"the_result_in_the_round_of_the_timeout_one_of_them", func(s *stage) {
			f := future.New(s.Loop)
			s.CallLater(time.Second, func() { _ = f.SetResult("there") })
			s.in(func(yield coro.Yield) {
				_, err := task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) { return task.Await(yield, f) })
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				v, err := task.Await(yield, f)
				require.NoError(s, err)
				require.Equal(s, "there", v, "the value isn't lost")
			})
		}},
		{"a_panic_goes_through_and_leaves_no_timer", func(s *stage) {
			_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) {
				return task.Timeout(yield, time.Second, func(coro.Yield) (any, error) { explode(); return nil, nil })
			})
			require.ErrorContains(s, err, "boom")
			s.Settle()
			require.Empty(s, s.Fake.Slept())
		}},
	})
}

func TestWaitFor(t *testing.T) {
	try(t, []situation{
		{"T23_what_is_not_done_is_cancelled_and_waited_for", func(s *stage) {
			s.in(func(yield coro.Yield) {
				slow := task.Spawn(s.Loop, s.sleeps("slow", time.Hour))
				_, err := task.WaitFor(yield, time.Second, slow)
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				s.ends(slow, future.Canceled, nil, future.ErrCanceled)
				v, err := task.WaitFor(yield, time.Second, task.Spawn(s.Loop, s.sleeps("quick", 1)))
				require.NoError(s, err)
				require.Equal(s, "quick", v)
			})
		}},
		{"T24_zero_and_done", func(s *stage) {
			s.in(func(yield coro.Yield) {
				f := future.New(s.Loop)
				require.NoError(s, f.SetResult(1))
				v, err := task.WaitFor(yield, 0, f)
				require.NoError(s, err)
				require.Equal(s, 1, v)
				_, err = task.WaitFor(yield, 0, task.Spawn(s.Loop, s.sleeps("late", 1)))
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
			})
		}},
		{"R11_the_result_in_the_round_of_the_limit_the_first_of_them_wins", func(s *stage) {
			for _, first := range []bool{true, false} {
				s.in(func(yield coro.Yield) {
					f, refused := future.New(s.Loop), error(nil)
					end := func() { s.CallLater(time.Second, func() { refused = f.SetResult("there") }) }
					if first {
						end()
					} else {
						s.CallSoon(end) // behind the limit's timer
					}
					v, err := task.WaitFor(yield, time.Second, f)
					if first {
						require.NoError(s, err)
						require.Equal(s, "there", v)
						require.NoError(s, task.Checkpoint(yield), "and no cancellation is left behind")
						return
					}
					require.ErrorIs(s, err, os.ErrDeadlineExceeded)
					require.NoError(s, task.Checkpoint(yield))
					require.ErrorIs(s, refused, future.ErrDone, "whoever brings the result is told")
				})
			}
		}},
		{"T27_it_ignores_the_cancel", func(s *stage) {
			s.in(func(yield coro.Yield) {
				stubborn := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
					_ = task.Sleep(yield, time.Hour)
					return "late", task.Sleep(yield, time.Minute)
				})
				v, err := task.WaitFor(yield, time.Second, stubborn)
				require.NoError(s, err, "what it returns counts")
				require.Equal(s, "late", v)
			})
		}},
	})
}

func TestSleep(t *testing.T) {
	try(t, []situation{
		{"T28_zero_and_negative_are_one_round", func(s *stage) {
			s.in(func(yield coro.Yield) {
				for _, d := range []time.Duration{0, -1, -1 << 63} {
					before := s.Rounds()
					require.NoError(s, task.Sleep(yield, d))
					require.Equal(s, before+1, s.Rounds())
				}
				require.Zero(s, s.Now())
			})
		}},
		{"T28_cancelled_its_timer_is_gone", func(s *stage) {
			t := task.Spawn(s.Loop, s.sleeps("long", time.Hour))
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
			require.Empty(s, s.Fake.Slept())
		}},
		{"L13_it_sleeps_once", func(s *stage) {
			s.in(func(yield coro.Yield) { require.NoError(s, task.Sleep(yield, time.Hour)) })
			require.Equal(s, []time.Duration{time.Hour}, s.Fake.Slept())
		}},
	})
}
