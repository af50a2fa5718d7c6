package wait_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

func TestEvent(t *testing.T) {
	try(t, []situation{
		{"set_wakes_all_in_their_order", func(s *stage) {
			var e wait.Event
			for _, name := range []string{"a", "b", "c"} {
				s.spawn(name, e.Wait)
			}
			s.happened()
			require.False(s, e.IsSet())
			e.Set()
			require.True(s, e.IsSet())
			s.happened("a", "b", "c")
		}},
		{"already_set_it_takes_no_turn_of_the_loop", func(s *stage) {
			var e wait.Event
			e.Set()
			e.Set()
			s.spawn("a", e.Wait)
			s.GoRound(1)
			require.Equal(s, []string{"a"}, s.Seen)
		}},
		{"cleared_before_the_woken_ran_it_has_happened_all_the_same", func(s *stage) {
			var e wait.Event
			s.spawn("a", e.Wait)
			s.happened()
			e.Set()
			e.Clear()
			s.spawn("b", e.Wait)
			s.happened("a")
			e.Set()
			s.happened("b")
		}},
		{"cleared_while_somebody_waits_he_waits_on", func(s *stage) {
			var e wait.Event
			s.spawn("a", e.Wait)
			s.happened()
			e.Clear()
			s.happened()
			e.Set()
			s.happened("a")
		}},
		{"M04_a_cancelled_waiter_is_gone_and_the_others_wait_on", func(s *stage) {
			var e wait.Event
			a := s.spawn("a", e.Wait)
			s.spawn("b", e.Wait)
			s.happened()
			a.Cancel()
			s.happened("a: wait: event: canceled")
			e.Set()
			s.happened("b")
		}},
		{"T06_cancelled_in_the_round_in_which_it_was_set", func(s *stage) {
			var e wait.Event
			a := s.spawn("a", e.Wait)
			s.spawn("b", e.Wait)
			s.happened()
			e.Set()
			a.Cancel()
			s.happened("a: wait: event: canceled", "b")
		}},
		{"L02_a_task_that_never_has_to_wait_lets_the_others_run", func(s *stage) {
			var e wait.Event
			e.Set()
			s.spawn("greedy", func(yield coro.Yield) error {
				for range 1000 {
					if err := e.Wait(yield); err != nil {
						return err
					}
				}
				return nil
			})
			s.spawn("other", func(coro.Yield) error { return nil })
			s.happened("other", "greedy")
		}},
		{"many_waiters", func(s *stage) {
			var e wait.Event
			woken := 0
			for range 10_000 {
				task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { woken++; return nil, e.Wait(yield) })
			}
			s.happened()
			e.Set()
			s.happened()
			require.Equal(s, 10_000, woken)
		}},
	})
}

func TestMisuse(t *testing.T) {
	waits := map[string]func(yield coro.Yield) error{
		"event":     func(yield coro.Yield) error { return new(wait.Event).Wait(yield) },
		"semaphore": func(yield coro.Yield) error { return new(wait.Semaphore).Acquire(yield) },
		"get":       func(yield coro.Yield) error { _, err := new(wait.Queue).Get(yield); return err },
		"put":       func(yield coro.Yield) error { return new(wait.Queue).Put(yield, 1) },
		"put_full":  func(yield coro.Yield) error { return wait.NewQueue(1).Put(yield, 1) },
		"join":      func(yield coro.Yield) error { return new(wait.Queue).Join(yield) },
	}
	for name, wait := range waits {
		t.Run("G09_B02_without_a_yield_"+name, func(t *testing.T) {
			require.ErrorIs(t, wait(nil), task.ErrNoTask)
		})
	}
	try(t, []situation{
		{"G09_in_a_coroutine_that_no_task_runs", func(s *stage) {
			var e wait.Event
			c := coro.New(func(yield coro.Yield) (any, error) { return nil, e.Wait(yield) })
			_, more := c.Send(nil)
			require.True(s, more)
			_, more = c.Send("nobody answers")
			require.False(s, more)
			_, err := c.Result()
			require.ErrorIs(s, err, task.ErrNoTask)
		}},
		{"T11_a_task_of_another_loop", func(s *stage) {
			var e wait.Event
			s.spawn("a", e.Wait)
			s.happened()
			other := looptest.New(s)
			_, err := task.Run(other.Loop, func(yield coro.Yield) (any, error) { return nil, e.Wait(yield) })
			require.ErrorIs(s, err, task.ErrOtherLoop)
			require.NoError(s, other.Close())
			e.Set()
			s.happened("a")
		}},
		{"M03_G02_waiters_of_a_loop_that_closes", func(s *stage) {
			var e wait.Event
			q := wait.NewQueue(1)
			ended := 0
			for _, wait := range []func(yield coro.Yield) error{e.Wait, func(yield coro.Yield) error { _, err := q.Get(yield); return err }} {
				task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
					err := wait(yield)
					require.ErrorIs(s, err, coro.ErrClosed)
					ended++
					return nil, err
				})
			}
			s.happened()
			require.NoError(s, s.Close())
			require.Equal(s, 2, ended)
			e.Set()
			require.NoError(s, q.PutNowait(1))
		}},
		{"where_says_what_they_wait_for", func(s *stage) {
			var e wait.Event
			q := wait.NewQueue(1)
			require.NoError(s, q.PutNowait(1))
			s.spawn("a", e.Wait)
			s.spawn("b", wait.NewSemaphore(0).Acquire)
			s.spawn("c", func(yield coro.Yield) error { return q.Put(yield, 1) })
			s.spawn("d", q.Join)
			s.happened()
			require.Equal(s, []string{"an event to be set", "a place at a semaphore", "room in a queue", "a queue's items to be done"}, s.Where().Tasks)
		}},
	})
}
