package task_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// number is a typed body that returns n after d.
func number(n int, d time.Duration) func(coro.Yield) (int, error) {
	return func(yield coro.Yield) (int, error) { return n, task.Sleep(yield, d) }
}

// failing is a typed body that fails.
func failing(coro.Yield) (int, error) { return 0, io.EOF }

func TestTyped(t *testing.T) {
	try(t, []situation{
		{"an_awaited_task_and_future_have_their_type", func(s *stage) {
			f := future.NewOf[string](s.Loop)
			child := task.SpawnAs(s.Loop, number(7, 1))
			require.NoError(s, f.SetResult("text"))
			s.in(func(yield coro.Yield) {
				n, err := task.AwaitAs(yield, child)
				require.NoError(s, err)
				text, err := task.AwaitAs(yield, f)
				require.NoError(s, err)
				require.Equal(s, "7 text", fmt.Sprint(n, " ", text))
			})
			n, err := child.Value()
			require.NoError(s, err)
			require.Equal(s, 7, n)
		}},
		{"a_result_of_an_interface_type_may_be_nil", func(s *stage) {
			f := future.NewOf[io.Writer](s.Loop)
			require.NoError(s, f.SetResult(nil))
			s.in(func(yield coro.Yield) {
				w, err := task.AwaitAs(yield, f)
				require.NoError(s, err)
				require.Nil(s, w)
			})
		}},
		{"an_error_comes_with_the_zero_value", func(s *stage) {
			s.in(func(yield coro.Yield) {
				for _, await := range []func(a task.Of[int]) (int, error){
					func(a task.Of[int]) (int, error) { return task.AwaitAs(yield, a) },
					func(a task.Of[int]) (int, error) { return task.WaitForAs(yield, time.Hour, a) },
					func(a task.Of[int]) (int, error) { return task.ShieldAs(yield, a) },
					func(a task.Of[int]) (int, error) {
						all, err := task.GatherAs(yield, a)
						require.Nil(s, all)
						return 0, err
					},
					func(a task.Of[int]) (int, error) {
						all, err := task.GatherOutcomesAs(yield, a)
						require.NoError(s, err)
						return all[0].Value, all[0].Err
					},
					func(a task.Of[int]) (int, error) { return a.Value() },
				} {
					failed := task.SpawnAs(s.Loop, failing)
					require.NoError(s, task.Checkpoint(yield))
					n, err := await(failed)
					require.Equal(s, 0, n)
					require.ErrorIs(s, err, io.EOF)
				}
			})
		}},
		{"before_the_end_there_is_no_value", func(s *stage) {
			_, err := future.NewOf[int](s.Loop).Value()
			require.ErrorIs(s, err, future.ErrNotReady)
			_, err = future.Of[int]{}.Value()
			require.ErrorIs(s, err, future.ErrNotReady)
			_, err = task.Run(s.Loop, s.awaits(future.Of[int]{}))
			require.ErrorIs(s, err, future.ErrNotMade)
			_, err = task.Run(s.Loop, s.awaits(task.Of[int]{}))
			require.ErrorIs(s, err, future.ErrNotMade)
		}},
		{"gather_keeps_the_order", func(s *stage) {
			s.in(func(yield coro.Yield) {
				slow, fast := task.SpawnAs(s.Loop, number(1, time.Hour)), task.SpawnAs(s.Loop, number(2, 0))
				all, err := task.GatherAs(yield, slow, fast)
				require.NoError(s, err)
				require.Equal(s, []int{1, 2}, all)
				a := future.NewOf[error](s.Loop)
				require.NoError(s, a.SetResult(nil))
				errs, err := task.GatherAs(yield, a)
				require.NoError(s, err)
				require.Equal(s, []error{nil}, errs)
			})
		}},
		{"outcomes_have_the_errors_too", func(s *stage) {
			s.in(func(yield coro.Yield) {
				failed, good := task.SpawnAs(s.Loop, failing), task.SpawnAs(s.Loop, number(2, time.Hour))
				all, err := task.GatherOutcomesAs(yield, failed, good)
				require.NoError(s, err)
				require.Equal(s, []task.OutcomeOf[int]{{Err: io.EOF}, {Value: 2}}, all)
				_, err = task.GatherOutcomesAs(yield, task.Of[int]{})
				require.ErrorIs(s, err, future.ErrNotMade)
			})
		}},
		{"a_typed_task_and_the_plain_one_are_the_same", func(s *stage) {
			s.in(func(yield coro.Yield) {
				child := task.SpawnAs(s.Loop, number(1, 0))
				done, pending, err := task.Wait(yield, task.AllCompleted, -1, child, child.Task)
				require.NoError(s, err)
				require.Equal(s, []task.Awaitable{child.Task}, done)
				require.Empty(s, pending)
			})
		}},
		{"a_circle_of_typed_tasks_is_found", func(s *stage) {
			var a, b task.Of[int]
			a = task.SpawnAs(s.Loop, func(yield coro.Yield) (int, error) { return task.AwaitAs(yield, b) })
			b = task.SpawnAs(s.Loop, func(yield coro.Yield) (int, error) { return task.AwaitAs(yield, a) })
			s.Settle()
			_, err := b.Value()
			require.ErrorIs(s, err, task.ErrCycle)
			_, err = a.Value()
			require.ErrorIs(s, err, task.ErrCycle)
		}},
		{"run_and_main", func(s *stage) {
			n, err := task.RunAs(s.Loop, number(7, time.Hour))
			require.NoError(s, err)
			require.Equal(s, 7, n)
			_, err = task.RunAs(s.Loop, failing)
			require.ErrorIs(s, err, io.EOF)
			require.NoError(s, task.Main(s.Loop, func(yield coro.Yield) error { return task.Sleep(yield, 1) }))
			require.ErrorIs(s, task.Main(s.Loop, func(coro.Yield) error { return io.EOF }), io.EOF)
		}},
		{"time_limits", func(s *stage) {
			forever := func(yield coro.Yield) error { return task.Sleep(yield, time.Hour) }
			s.in(func(yield coro.Yield) {
				require.ErrorIs(s, task.FailAfter(yield, time.Minute, forever), os.ErrDeadlineExceeded)
				require.ErrorIs(s, task.FailAt(yield, s.Loop.Now()+time.Minute, forever), os.ErrDeadlineExceeded)
				require.NoError(s, task.FailAfter(yield, 2*time.Hour, forever))
				require.NoError(s, task.FailAt(yield, s.Loop.Now()+2*time.Hour, forever))
				_, err := task.TimeoutAs(yield, time.Minute, number(1, time.Hour))
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				n, err := task.TimeoutAs(yield, time.Minute, number(1, time.Second))
				require.NoError(s, err)
				require.Equal(s, 1, n)
				_, err = task.WaitForAs(yield, time.Minute, task.SpawnAs(s.Loop, number(1, time.Hour)))
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
			})
		}},
		{"a_shielded_task_goes_on", func(s *stage) {
			child := task.SpawnAs(s.Loop, number(1, time.Hour))
			caller := task.SpawnAs(s.Loop, func(yield coro.Yield) (int, error) { return task.ShieldAs(yield, child) })
			s.GoRound(2)
			caller.Cancel()
			s.Settle()
			_, err := caller.Value()
			require.ErrorIs(s, err, future.ErrCanceled)
			n, err := child.Value()
			require.NoError(s, err)
			require.Equal(s, 1, n)
		}},
		{"a_group_takes_typed_bodies_and_bare_ones", func(s *stage) {
			s.in(func(yield coro.Yield) {
				var n task.Of[int]
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					n = task.SpawnIn(g, number(7, 1))
					g.Go(func(coro.Yield) error { return io.EOF })
					return nil
				})
				require.ErrorIs(s, err, io.EOF)
				require.True(s, n.Done())
			})
		}},
		{"a_deadline_is_a_time_of_the_loop's_clock", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.Sleep(yield, time.Hour))
				err := task.FailAt(yield, s.Loop.Now()+time.Minute, func(yield coro.Yield) error { return task.Sleep(yield, time.Hour) })
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.Equal(s, time.Hour+time.Minute, s.Loop.Now())
			})
		}},
		{"a_group_waits_for_typed_bodies", func(s *stage) {
			s.in(func(yield coro.Yield) {
				var n task.Of[int]
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					n = task.SpawnIn(g, number(7, time.Hour))
					return nil
				}))
				v, err := n.Value()
				require.NoError(s, err)
				require.Equal(s, 7, v)
			})
		}},
		{"nil_bodies_panic_as_in_Spawn", func(s *stage) {
			const want = "coro: New: body is nil"
			require.Equal(s, want, looptest.PanicOf(func() { task.Go(s.Loop, nil) }))
			require.Equal(s, want, looptest.PanicOf(func() { task.SpawnAs[int](s.Loop, nil) }))
			require.Equal(s, want, looptest.PanicOf(func() { _ = task.Main(s.Loop, nil) }))
		}},
	})
}

func TestDetach(t *testing.T) {
	try(t, []situation{
		{"an_error_is_reported_when_the_task_ends", func(s *stage) {
			task.Go(s.Loop, func(coro.Yield) error { return io.EOF }).Detach().Detach()
			s.Settle()
			require.Len(s, s.Reports, 1)
			require.Equal(s, "stepwise: a task failed that nobody awaits: EOF", s.Reports[0].String())
			s.Reports = nil
		}},
		{"a_cancellation_is_not", func(s *stage) {
			t := task.Spawn(s.Loop, s.sleeps("a", time.Hour)).Detach()
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			require.Empty(s, s.Reports)
		}},
		{"a_failure_beside_it_is_reported_alone", func(s *stage) {
			t := task.Go(s.Loop, func(yield coro.Yield) error {
				return errors.Join(task.Sleep(yield, time.Hour), io.EOF)
			}).Detach()
			s.GoRound(1)
			t.Cancel()
			s.Settle()
			require.Len(s, s.Reports, 1)
			require.ErrorIs(s, s.Reports[0].Err, io.EOF)
			require.NotErrorIs(s, s.Reports[0].Err, future.ErrCanceled)
			s.Reports = nil
		}},
		{"nor_is_a_task_that_ends_with_its_loop", func(s *stage) {
			task.Spawn(s.Loop, s.sleeps("a", time.Hour)).Detach()
			s.GoRound(1)
			require.NoError(s, s.Loop.Close())
			require.Equal(s, []string{"a begins", "a ends: coroutine was closed"}, s.Seen)
		}},
		{"a_panic_is_reported_even_then", func(s *stage) {
			task.Go(s.Loop, func(yield coro.Yield) error {
				_ = task.Sleep(yield, time.Hour)
				panic("in the clean-up")
			}).Detach()
			s.GoRound(1)
			require.NoError(s, s.Loop.Close())
			require.Len(s, s.Reports, 1)
			require.ErrorContains(s, s.Reports[0].Err, "in the clean-up")
			s.Reports = nil
		}},
	})
}

func TestBackground(t *testing.T) {
	beat := func(s *stage) func(coro.Yield) error {
		return func(yield coro.Yield) error {
			for {
				if err := task.Sleep(yield, time.Second); err != nil {
					s.Note("the last beat: %v", err)
					return err
				}
				s.Note("beat")
			}
		}
	}
	try(t, []situation{
		{"it_ends_when_all_others_have", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Background(beat(s))
					g.Go(func(yield coro.Yield) error { return task.Sleep(yield, 2500*time.Millisecond) })
					return nil
				}))
			})
			require.Equal(s, []string{"beat", "beat", "the last beat: canceled"}, s.Seen)
		}},
		{"it_ends_when_only_the_body_was_there", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Background(beat(s))
					g.Background(beat(s))
					return task.Sleep(yield, 1500*time.Millisecond)
				}))
			})
			require.Equal(s, []string{"beat", "beat", "the last beat: canceled", "the last beat: canceled"}, s.Seen)
		}},
		{"its_failure_fails_the_group", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.ErrorIs(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Background(func(coro.Yield) error { return io.EOF })
					return task.Sleep(yield, time.Hour)
				}), io.EOF)
			})
		}},
		{"that_it_returns_early_ends_nothing", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Background(func(coro.Yield) error { return nil })
					g.Go(func(yield coro.Yield) error { return task.Sleep(yield, time.Hour) })
					return nil
				}))
			})
			require.Equal(s, time.Hour, s.Loop.Now())
		}},
		{"it_is_canceled_once_though_others_end_meanwhile", func(s *stage) {
			s.in(func(yield coro.Yield) {
				cleanUp := func(d time.Duration) func(coro.Yield) error {
					return func(yield coro.Yield) error {
						_ = task.Sleep(yield, time.Hour)
						s.Note("cleaned up: %v", task.Sleep(yield, d))
						return nil
					}
				}
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Background(cleanUp(time.Second))
					g.Background(cleanUp(2 * time.Second))
					return task.Checkpoint(yield)
				}))
			})
			require.Equal(s, []string{"cleaned up: <nil>", "cleaned up: <nil>"}, s.Seen)
		}},
		{"while_it_ends_the_group_takes_no_more", func(s *stage) {
			s.in(func(yield coro.Yield) {
				var late *task.Task
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Background(func(yield coro.Yield) error {
						err := task.Sleep(yield, time.Hour)
						late = g.Go(func(coro.Yield) error { return nil })
						return err
					})
					return task.Checkpoint(yield)
				}))
				_, err := late.Result()
				require.ErrorIs(s, err, task.ErrGroupOver)
			})
		}},
	})
}
