package wait_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

func TestSemaphore(t *testing.T) {
	try(t, []situation{
		{"so_many_at_a_time_and_in_their_order", func(s *stage) {
			sem := wait.NewSemaphore(2)
			for _, name := range []string{"a", "b", "c", "d"} {
				s.spawn(name, sem.Acquire)
			}
			s.happened("a", "b")
			require.True(s, sem.Locked())
			require.NoError(s, sem.Release())
			s.happened("c")
			require.NoError(s, sem.Release())
			s.happened("d")
			require.NoError(s, sem.Release())
			require.False(s, sem.Locked())
		}},
		{"free_it_takes_no_turn_of_the_loop", func(s *stage) {
			s.spawn("a", wait.NewSemaphore(1).Acquire)
			s.GoRound(1)
			require.Equal(s, []string{"a"}, s.Seen)
		}},
		{"who_comes_between_the_turn_and_the_task_can_not_snatch_it", func(s *stage) {
			sem := wait.NewSemaphore(1)
			require.True(s, sem.TryAcquire())
			s.spawn("a", sem.Acquire)
			s.happened()
			require.NoError(s, sem.Release()) // a is woken, and has not run
			require.False(s, sem.TryAcquire())
			s.spawn("b", sem.Acquire)
			s.happened("a")
			require.NoError(s, sem.Release())
			s.happened("b")
		}},
		{"M04_a_cancelled_waiter_takes_nothing", func(s *stage) {
			sem := wait.NewSemaphore(0)
			a := s.spawn("a", sem.Acquire)
			s.spawn("b", sem.Acquire)
			s.happened()
			a.Cancel()
			s.happened("a: wait: semaphore: canceled")
			require.NoError(s, sem.Release())
			s.happened("b")
			require.True(s, sem.Locked())
		}},
		{"T06_released_while_a_cancelled_waiter_still_stands_in_the_line", func(s *stage) {
			sem := wait.NewSemaphore(0)
			a := s.spawn("a", sem.Acquire)
			s.spawn("b", sem.Acquire)
			s.happened()
			a.Cancel()
			require.NoError(s, sem.Release())
			s.happened("a: wait: semaphore: canceled", "b")
			require.True(s, sem.Locked())
		}},
		{"T06_cancelled_after_the_turn_had_come_it_goes_to_the_next", func(s *stage) {
			sem := wait.NewSemaphore(0)
			a := s.spawn("a", sem.Acquire)
			s.spawn("b", sem.Acquire)
			s.happened()
			require.NoError(s, sem.Release())
			a.Cancel()
			s.happened("a: wait: semaphore: canceled", "b")
			require.True(s, sem.Locked())
		}},
		{"T06_cancelled_after_the_turn_had_come_and_nobody_waits", func(s *stage) {
			sem := wait.NewBoundedSemaphore(1)
			require.True(s, sem.TryAcquire())
			a := s.spawn("a", sem.Acquire)
			s.happened()
			require.NoError(s, sem.Release())
			a.Cancel()
			s.happened("a: wait: semaphore: canceled")
			require.True(s, sem.TryAcquire())
			require.False(s, sem.TryAcquire())
		}},
		{"T23_a_timeout_while_it_waits", func(s *stage) {
			sem := wait.NewSemaphore(0)
			err := s.run(func(yield coro.Yield) error {
				_, err := task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) { return nil, sem.Acquire(yield) })
				return err
			})
			var timeout *task.TimeoutError
			require.ErrorAs(s, err, &timeout)
			require.NoError(s, sem.Release())
			require.False(s, sem.Locked())
		}},
		{"released_too_often", func(s *stage) {
			bounded := wait.NewBoundedSemaphore(1)
			require.ErrorIs(s, bounded.Release(), wait.ErrReleased)
			require.True(s, bounded.TryAcquire())
			require.False(s, bounded.TryAcquire())
			require.NoError(s, bounded.Release())
			open := wait.NewSemaphore(1)
			require.NoError(s, open.Release())
			require.True(s, open.TryAcquire())
			require.True(s, open.TryAcquire())
			require.False(s, open.TryAcquire())
		}},
		{"less_than_0", func(s *stage) {
			require.PanicsWithValue(s, "wait: NewSemaphore(-1): less than 0", func() { wait.NewSemaphore(-1) })
		}},
		{"L02_a_task_that_never_has_to_wait_lets_the_others_run", func(s *stage) {
			sem := wait.NewSemaphore(1000)
			s.spawn("greedy", func(yield coro.Yield) error {
				for range 1000 {
					if err := sem.Acquire(yield); err != nil {
						return err
					}
				}
				return nil
			})
			s.spawn("other", func(coro.Yield) error { return nil })
			s.happened("other", "greedy")
		}},
		{"a_cancellation_while_the_others_have_their_turn_takes_no_place", func(s *stage) {
			sem := wait.NewSemaphore(40)
			greedy := s.spawn("greedy", func(yield coro.Yield) error {
				for {
					if err := sem.Acquire(yield); err != nil {
						return err
					}
				}
			})
			s.GoRound(1) // 32 of them
			greedy.Cancel()
			s.happened("greedy: wait: semaphore: canceled")
			left := 0
			for sem.TryAcquire() {
				left++
			}
			require.Equal(s, 8, left)
		}},
	})
}

// TestN12_random_schedules has tasks come, wait, be cancelled and be timed out at
// random: never are more in than may be, and in the end every place is free.
func TestN12_random_schedules(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		s := newStage(t)
		most := 1 + random.IntN(3)
		sem, in := wait.NewBoundedSemaphore(most), 0
		var tasks []*task.Task
		got := 0
		body := func(yield coro.Yield) (any, error) {
			if err := task.Sleep(yield, time.Duration(random.IntN(4))); err != nil {
				return nil, err
			}
			if err := sem.Acquire(yield); err != nil {
				return nil, err
			}
			in++
			got++
			require.LessOrEqual(t, in, most, "seed %d", seed)
			err := task.Sleep(yield, time.Duration(random.IntN(3)))
			in--
			return nil, errors.Join(err, sem.Release())
		}
		for range 20 {
			tasks = append(tasks, task.Spawn(s.Loop, body))
		}
		victims := 10
		for i := range victims {
			victim := tasks[i*2]
			s.CallLater(time.Duration(random.IntN(12)), func() { victim.Cancel() })
		}
		s.happened()
		for i, one := range tasks {
			_, err := one.Result()
			if i%2 == 0 && err != nil {
				require.ErrorIs(t, err, future.ErrCanceled, "seed %d", seed)
				continue
			}
			require.NoError(t, err, "seed %d: task %d never got in", seed, i)
		}
		require.GreaterOrEqual(t, got, 10, "seed %d", seed)
		for range most {
			require.True(t, sem.TryAcquire(), "seed %d: a place is lost", seed)
		}
		require.NoError(t, s.Close())
	}
}
