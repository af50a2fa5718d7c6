package task_test

import (
	"errors"
	"io"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// cleans is a body that needs a second to clean up, once it is cancelled.
func (s *stage) cleans(name string) coro.Body {
	return func(yield coro.Yield) (any, error) {
		err := task.Sleep(yield, time.Hour)
		cleanup := task.Sleep(yield, time.Second)
		s.Note("%s: %v, %v", name, err, cleanup)
		return nil, err
	}
}

func TestGroup(t *testing.T) {
	try(t, []situation{
		{"all_is_well", func(s *stage) {
			s.in(func(yield coro.Yield) {
				var child *task.Task
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					child = g.Spawn(s.sleeps("child", time.Second))
					s.Note("body ends")
					return nil
				})
				require.NoError(s, err)
				s.ends(child, future.Finished, "child", nil)
				require.Equal(s, []string{"body ends", "child begins", "child ends: <nil>"}, s.Seen)
			})
		}},
		{"without_tasks_it_takes_no_turn", func(s *stage) {
			s.in(func(yield coro.Yield) {
				round := s.Rounds()
				require.NoError(s, task.WithGroup(yield, func(coro.Yield, *task.Group) error { return nil }))
				require.Equal(s, io.EOF, task.WithGroup(yield, func(coro.Yield, *task.Group) error { return io.EOF }))
				require.Equal(s, round, s.Rounds())
			})
		}},
		{"T20_a_child_fails_its_siblings_are_cancelled_and_awaited", func(s *stage) {
			s.in(func(yield coro.Yield) {
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.cleans("one"))
					g.Spawn(s.fails(time.Second, io.EOF))
					g.Spawn(s.cleans("two"))
					return nil
				})
				require.Equal(s, io.EOF, err, "one error stays itself")
				require.Equal(s, []string{"one: canceled, <nil>", "two: canceled, <nil>"}, s.Seen)
				require.Equal(s, 2*time.Second, s.Now())
			})
		}},
		{"T20_two_fail_their_errors_are_joined", func(s *stage) {
			s.in(func(yield coro.Yield) {
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(func(yield coro.Yield) (any, error) { _ = task.Sleep(yield, time.Hour); return nil, io.ErrShortWrite })
					g.Spawn(s.fails(time.Second, io.ErrNoProgress))
					g.Spawn(s.cleans("other"))
					return nil
				})
				require.EqualError(s, err, "multiple Read calls return no data or error\nshort write", "the first first")
				require.Equal(s, []string{"other: canceled, <nil>"}, s.Seen, "its clean-up was not disturbed by the second")
			})
		}},
		{"T20_a_child_fails_while_the_body_runs_it_is_cancelled_too", func(s *stage) {
			s.in(func(yield coro.Yield) {
				t, _ := task.Current(yield)
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.fails(time.Second, io.EOF))
					err := task.Sleep(yield, time.Hour)
					s.Note("body: %v", err)
					return err
				})
				require.Equal(s, io.EOF, err, "our own cancellation is none of the caller's errors")
				require.Equal(s, []string{"body: canceled"}, s.Seen)
				require.Zero(s, t.Cancelling())
				require.NoError(s, task.Checkpoint(yield))
				require.Equal(s, time.Second, s.Now())
			})
		}},
		{"T20_what_the_cancelled_body_says_besides_is_kept", func(s *stage) {
			s.in(func(yield coro.Yield) {
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.fails(time.Second, io.EOF))
					return errors.Join(task.Sleep(yield, time.Hour), io.ErrShortWrite)
				})
				require.EqualError(s, err, "short write\nEOF")
				require.NotErrorIs(s, err, future.ErrCanceled)
			})
		}},
		{"T20_a_child_panics", func(s *stage) {
			s.in(func(yield coro.Yield) {
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(func(coro.Yield) (any, error) { explode(); return nil, nil })
					return nil
				})
				var panicked *coro.PanicError
				require.ErrorAs(s, err, &panicked)
			})
		}},
		{"T20_a_child_that_was_cancelled_has_not_failed", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.sleeps("good", time.Second))
					g.Spawn(s.cleans("gone")).Cancel()
					return nil
				}))
				require.Contains(s, s.Seen, "good ends: <nil>")
			})
		}},
		{"T20_a_child_may_spawn_also_when_the_body_has_ended", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(func(yield coro.Yield) (any, error) {
						defer g.Spawn(s.sleeps("grandchild", time.Second))
						return nil, task.Sleep(yield, time.Second)
					})
					return nil
				}))
				require.Equal(s, []string{"grandchild begins", "grandchild ends: <nil>"}, s.Seen)
			})
		}},
		{"T21_spawn_after_failure_is_refused", func(s *stage) {
			s.in(func(yield coro.Yield) {
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.fails(time.Second, io.EOF))
					_ = task.Sleep(yield, time.Hour)
					late := g.Spawn(s.sleeps("late", 1))
					s.ends(late, future.Finished, nil, task.ErrGroupOver)
					return nil
				})
				require.Equal(s, io.EOF, err)
				require.Empty(s, s.Seen)
			})
		}},
		{"T21_spawn_after_the_end_is_refused", func(s *stage) {
			s.in(func(yield coro.Yield) {
				var kept *task.Group
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error { kept = g; return nil }))
				kept.Spawn(s.sleeps("late", 1))
			})
			s.Settle()
			require.Empty(s, s.Seen)
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1, "nobody has looked at the task")
			require.ErrorIs(s, s.Reports[0].Err, task.ErrGroupOver)
		}},
		{"T22_body_and_child_fail", func(s *stage) {
			s.in(func(yield coro.Yield) {
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(func(yield coro.Yield) (any, error) { _ = task.Sleep(yield, time.Hour); return nil, io.ErrShortWrite })
					_ = task.Checkpoint(yield)
					return io.EOF
				})
				require.EqualError(s, err, "EOF\nshort write")
				require.Zero(s, s.Now(), "the child was cancelled")
			})
		}},
		{"T22_body_panics_its_tasks_end_first", func(s *stage) {
			_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) {
				return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.cleans("child"))
					g.Spawn(func(yield coro.Yield) (any, error) { _ = task.Sleep(yield, time.Hour); return nil, io.ErrShortWrite })
					_ = task.Checkpoint(yield)
					explode()
					return nil
				})
			})
			var panicked *coro.PanicError
			require.ErrorAs(s, err, &panicked)
			require.Equal(s, "boom", panicked.Value)
			require.Contains(s, string(panicked.Stack), "explode")
			require.Equal(s, []string{"child: canceled, <nil>"}, s.Seen)
			require.Len(s, s.Reports, 1)
			require.ErrorIs(s, s.Reports[0].Err, io.ErrShortWrite, "the child's error isn't lost")
		}},
		{"G11_body_ends_its_goroutine_its_tasks_end_first", func(s *stage) {
			t := s.Spawn(func(yield coro.Yield) error {
				return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.cleans("child"))
					_ = task.Checkpoint(yield)
					runtime.Goexit()
					return nil
				})
			})
			ended := make(chan struct{})
			go func() { // Goexit ends the goroutine that runs the loop, too
				defer close(ended)
				_ = s.Run()
			}()
			<-ended
			s.Settle()
			require.Equal(s, []string{"child: canceled, <nil>"}, s.Seen)
			s.ends(t, future.Finished, nil, coro.ErrGoexit)
		}},
		{"T19_cancelled_in_the_body", func(s *stage) {
			t := s.Spawn(func(yield coro.Yield) error {
				return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.cleans("child"))
					return task.Sleep(yield, time.Hour)
				})
			})
			s.GoRound(2)
			t.Cancel()
			s.Settle()
			require.Equal(s, []string{"child: canceled, <nil>"}, s.Seen)
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T19_cancelled_while_it_waits_for_the_tasks", func(s *stage) {
			t := s.Spawn(func(yield coro.Yield) error {
				return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error { g.Spawn(s.cleans("child")); return nil })
			})
			s.GoRound(2)
			t.Cancel()
			s.GoRound(2)
			require.False(s, t.Done(), "the child cleans up")
			t.Cancel()
			s.Settle()
			require.Equal(s, []string{"child: canceled, canceled"}, s.Seen, "a second cancel reaches it too")
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"T12_cancelled_and_a_child_fails_both_are_reported", func(s *stage) {
			t := s.Spawn(func(yield coro.Yield) error {
				return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(func(yield coro.Yield) (any, error) { _ = task.Sleep(yield, time.Hour); return nil, io.ErrShortWrite })
					return nil
				})
			})
			s.GoRound(2)
			t.Cancel()
			s.Settle()
			s.ends(t, future.Canceled, nil, io.ErrShortWrite)
		}},
		{"T25_a_child_fails_and_the_owner_is_cancelled_whatever_the_order", func(s *stage) {
			for rounds := range 5 {
				var child *task.Task
				t := s.Spawn(func(yield coro.Yield) error {
					return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
						child = g.Spawn(s.fails(time.Second, io.EOF))
						return task.Sleep(yield, time.Hour)
					})
				})
				s.GoRound(2 + rounds)
				late := !t.Cancel()
				require.Equal(s, rounds >= 4, late, "%d", rounds)
				s.Settle()
				_, err := t.Result()
				require.Equal(s, !late, errors.Is(err, future.ErrCanceled), "%d: %v", rounds, err)
				_, failed := child.Result()
				require.Equal(s, failed == io.EOF, errors.Is(err, io.EOF), "%d: %v", rounds, err)
			}
		}},
		{"T26_a_timeout_around_a_group_and_within", func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) {
					return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error { g.Spawn(s.cleans("child")); return nil })
				})
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.Equal(s, []string{"child: canceled, <nil>"}, s.Seen)
				err = task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.limited(time.Second, s.sleeps("slow", time.Hour)))
					return nil
				})
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
			})
		}},
		{"T10_a_child_that_waits_for_its_owner", func(s *stage) {
			s.in(func(yield coro.Yield) {
				owner, _ := task.Current(yield)
				err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.awaits(owner))
					return nil
				})
				require.ErrorIs(s, err, task.ErrCycle)
			})
		}},
		{"G02_the_loop_closes", func(s *stage) {
			t := s.Spawn(func(yield coro.Yield) error {
				return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(s.cleans("child"))
					return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error { g.Spawn(s.cleans("grandchild")); return nil })
				})
			})
			s.GoRound(2)
			require.NoError(s, s.Close())
			s.ends(t, future.Canceled, nil, future.ErrCanceled)
		}},
		{"M04_a_thousand_tasks_leave_nothing_behind", func(s *stage) {
			s.in(func(yield coro.Yield) {
				ended := 0
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					for i := range 1000 {
						g.Spawn(func(yield coro.Yield) (any, error) {
							defer func() { ended++ }()
							return nil, task.Sleep(yield, time.Duration(i%7))
						})
					}
					return nil
				}))
				require.Equal(s, 1000, ended)
			})
		}},
	})
}

// TestFair counts: tasks that never wait take turns with everything else.
func TestFair(t *testing.T) {
	const rounds = 1000
	greedy := map[string]func(s *stage, yield coro.Yield) error{
		"Checkpoint":               func(s *stage, yield coro.Yield) error { return task.Checkpoint(yield) },
		"Sleep_0":                  func(s *stage, yield coro.Yield) error { return task.Sleep(yield, 0) },
		"Await_of_a_done_future":   func(s *stage, yield coro.Yield) error { _, err := task.Await(yield, done(s)); return err },
		"Gather_of_a_done_future":  func(s *stage, yield coro.Yield) error { _, err := task.Gather(yield, done(s)); return err },
		"WaitFor_a_done_future":    func(s *stage, yield coro.Yield) error { _, err := task.WaitFor(yield, 1, done(s)); return err },
		"Wait_for_a_done_future":   func(s *stage, yield coro.Yield) error { _, _, err := task.Wait(yield, 0, -1, done(s)); return err },
		"a_group_of_a_quick_child": func(s *stage, yield coro.Yield) error { return task.WithGroup(yield, quickChild) },
	}
	for name, turn := range greedy {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			defer s.Close()
			served := 0
			require.NoError(s, s.AddReader(3, func() { served++ }))
			s.Fake.SetReady(3, 1)
			for range 3 {
				s.Spawn(func(yield coro.Yield) error {
					for {
						if err := turn(s, yield); err != nil {
							return err
						}
					}
				})
			}
			s.GoRound(rounds)
			require.Equal(s, rounds, served, "a ready descriptor is served in each round")
			require.Less(s, s.Now(), time.Second)
		})
	}
}

func done(s *stage) *future.Future {
	f := future.New(s.Loop)
	_ = f.SetResult(nil)
	return f
}

func quickChild(yield coro.Yield, g *task.Group) error {
	g.Spawn(func(coro.Yield) (any, error) { return nil, nil })
	return nil
}
