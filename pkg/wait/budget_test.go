package wait_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// rest is what one task of budget spends before the others had their first turn.
func (s *stage) rest(yield coro.Yield, b *wait.Budget) (spent int) {
	others := false
	s.CallSoon(func() { others = true })
	for ; !others; spent++ {
		require.NoError(s, b.Spend(yield))
	}
	return spent
}

func TestBudget(t *testing.T) {
	try(t, []situation{
		{"of_33_in_a_row_the_last_lets_the_others_run", func(s *stage) {
			require.NoError(s, s.run(func(yield coro.Yield) error {
				var b wait.Budget
				require.Equal(s, 33, s.rest(yield, &b))
				require.Equal(s, 33, s.rest(yield, &b), "it is full again")
				return nil
			}))
		}},
		{"a_wait_renews_it", func(s *stage) {
			require.NoError(s, s.run(func(yield coro.Yield) error {
				var b wait.Budget
				for range 32 {
					require.NoError(s, b.Spend(yield))
				}
				b.Renew()
				require.Equal(s, 33, s.rest(yield, &b))
				return nil
			}))
		}},
		{"canceled_while_the_others_run", func(s *stage) {
			var b wait.Budget
			require.ErrorIs(s, b.Spend(nil), task.ErrNoTask)
			a := s.spawn("a", func(yield coro.Yield) error {
				for {
					if err := b.Spend(yield); err != nil {
						require.Equal(s, 33, s.rest(yield, &b))
						return err
					}
				}
			})
			s.CallSoon(func() { a.Cancel() })
			s.happened("a: canceled")
		}},
		{"a_wait_at_a_semaphore_renews_its_budget", func(s *stage) {
			require.NoError(s, s.run(func(yield coro.Yield) error {
				places := wait.NewSemaphore(1)
				for range 30 {
					require.NoError(s, places.Acquire(yield))
					require.NoError(s, places.Release())
				}
				require.NoError(s, places.Acquire(yield))
				s.CallSoon(func() { _ = places.Release() })
				require.NoError(s, places.Acquire(yield), "this one waits")
				others := false
				s.CallSoon(func() { others = true })
				for range 32 {
					require.NoError(s, places.Release())
					require.NoError(s, places.Acquire(yield))
				}
				require.False(s, others, "none of these had to let them run")
				return nil
			}))
		}},
	})
}

// named is the name of what a task waits for.
type named string

func (n named) String() string { return string(n) }

func TestBind(t *testing.T) {
	try(t, []situation{
		{"where_says_the_name_that_was_given", func(s *stage) {
			var free wait.Semaphore
			free.Bind(s.Loop, named("its turn"))
			plain := wait.NewBoundedSemaphore(0)
			plain.Bind(s.Loop, nil)
			q := wait.NewQueue(1)
			q.Bind(s.Loop, named("a signal"))
			s.spawn("a", free.Acquire)
			s.spawn("b", plain.Acquire)
			s.gets("c", q)
			s.happened()
			require.Equal(s, []string{"its turn", "a place at a semaphore", "a signal"}, s.Where().Tasks)
			require.NoError(s, q.PutNowait(1))
			s.happened("c got 1", "c")
			require.NoError(s, q.PutNowait(2))
			s.puts(3, q)
			s.spawn("e", q.Join)
			s.happened()
			require.Equal(s, []string{"its turn", "a place at a semaphore", "room in a queue", "a queue's items to be done"}, s.Where().Tasks)
		}},
		{"T11_the_first_that_waits_is_of_another_loop", func(s *stage) {
			places := wait.NewSemaphore(0)
			places.Bind(s.Loop, nil)
			q := wait.NewQueue(1)
			q.Bind(s.Loop, nil)
			full := wait.NewQueue(1)
			full.Bind(s.Loop, nil)
			require.NoError(s, full.PutNowait(1))
			for name, wait := range map[string]func(yield coro.Yield) error{
				"acquire": places.Acquire,
				"get":     func(yield coro.Yield) error { _, err := q.Get(yield); return err },
				"put":     func(yield coro.Yield) error { return full.Put(yield, 2) },
				"join":    full.Join,
			} {
				other, err := loop.New(loop.Options{Selector: selector.NewFake()})
				require.NoError(s, err)
				_, err = task.Run(other, func(yield coro.Yield) (any, error) { return nil, wait(yield) })
				require.ErrorIs(s, err, task.ErrOtherLoop, name)
				require.NoError(s, other.Close())
			}
			s.spawn("a", places.Acquire)
			s.gets("b", q)
			s.happened()
			require.NoError(s, places.Release())
			require.NoError(s, q.PutNowait(1))
			s.happened("a", "b got 1", "b")
		}},
	})
}

// TestOpError: every error is one, so a caller can say in its own words what was tried.
func TestOpError(t *testing.T) {
	full := wait.NewQueue(1)
	require.NoError(t, full.PutNowait(1))
	for _, err := range []error{
		new(wait.Event).Wait(nil),
		new(wait.Semaphore).Acquire(nil),
		wait.NewBoundedSemaphore(1).Release(),
		full.Put(nil, 2), full.PutNowait(2), new(wait.Queue).Join(nil), new(wait.Queue).TaskDone(),
		func() error { _, err := new(wait.Queue).Get(nil); return err }(),
		func() error { _, err := new(wait.Queue).GetNowait(); return err }(),
	} {
		var failed *wait.OpError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, failed.Err, errors.Unwrap(err))
		require.Equal(t, fmt.Sprintf("wait: %s: %v", failed.Op, failed.Err), err.Error())
	}
	require.ErrorIs(t, &wait.OpError{Op: "get", Err: future.ErrCanceled}, future.ErrCanceled)
}
