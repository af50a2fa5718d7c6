package task_test

// Errors that nobody reads are reported, and only those. Read rig_test.go before.

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// many is more than a loop keeps before it looks through what nobody has read.
const many = 600

// TestEachErrorIsRead: many fail, in one round or in many, and somebody reads each.
func TestEachErrorIsRead(t *testing.T) {
	times := map[string]func(i int) time.Duration{
		"in_one_round":           func(int) time.Duration { return time.Second },
		"one_after_the_other":    func(i int) time.Duration { return time.Duration(i) },
		"and_the_first_is_slow":  func(i int) time.Duration { return time.Hour / time.Duration(1+i) },
		"before_they_ever_pause": func(i int) time.Duration { return -1 },
	}
	spawn := func(s *stage, after func(i int) time.Duration) (all []task.Awaitable) {
		for i := range many {
			all = append(all, task.Spawn(s.Loop, s.failsAfter(after(i), io.EOF)))
		}
		return all
	}
	readers := map[string]func(s *stage, yield coro.Yield, after func(i int) time.Duration) (errs int){
		"by_a_Group": func(s *stage, yield coro.Yield, after func(i int) time.Duration) int {
			err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				for i := range many {
					g.Spawn(func(yield coro.Yield) (any, error) {
						_ = task.Sleep(yield, after(i)) // cut short by the first that fails
						return nil, io.EOF
					})
				}
				return nil
			})
			return len(err.(interface{ Unwrap() []error }).Unwrap())
		},
		"by_GatherOutcomes": func(s *stage, yield coro.Yield, after func(i int) time.Duration) (errs int) {
			outcomes, err := task.GatherOutcomes(yield, spawn(s, after)...)
			require.NoError(s, err)
			for _, o := range outcomes {
				if o.Err == io.EOF {
					errs++
				}
			}
			return errs
		},
		"by_Wait_and_Result": func(s *stage, yield coro.Yield, after func(i int) time.Duration) (errs int) {
			done, _, err := task.Wait(yield, task.AllCompleted, -1, spawn(s, after)...)
			require.NoError(s, err)
			for _, a := range done {
				if _, err := a.Result(); err == io.EOF {
					errs++
				}
			}
			return errs
		},
		"by_Await_when_all_have_ended": func(s *stage, yield coro.Yield, after func(i int) time.Duration) (errs int) {
			all := spawn(s, after)
			require.NoError(s, task.Sleep(yield, 2*time.Hour))
			for _, a := range all {
				if _, err := task.Await(yield, a); err == io.EOF {
					errs++
				}
			}
			return errs
		},
	}
	for reader, read := range readers {
		for name, after := range times {
			try(t, []situation{{reader + "/" + name, func(s *stage) {
				s.in(func(yield coro.Yield) { require.Equal(s, many, read(s, yield, after)) })
				require.NoError(s, s.Close())
				require.Empty(s, s.Reports)
			}}})
		}
	}
}

// failsAfter is fails that doesn't pause for a negative d.
func (s *stage) failsAfter(d time.Duration, err error) coro.Body {
	if d >= 0 {
		return s.fails(d, err)
	}
	return func(coro.Yield) (any, error) { return nil, err }
}

func TestLostErrors(t *testing.T) {
	texts := func(s *stage) (texts []string) {
		for _, e := range s.Reports {
			texts = append(texts, fmt.Sprintf("%s: %v", e.Message, e.Err))
		}
		return texts
	}
	want := func(from, to int) (texts []string) {
		for i := from; i < to; i++ {
			texts = append(texts, fmt.Sprintf("error was never read: %d", i))
		}
		return texts
	}
	// drop spawns tasks that fail, and nobody keeps them.
	drop := func(s *stage, from, to int) {
		for i := from; i < to; i++ {
			s.Spawn(func(coro.Yield) error { return errors.New(fmt.Sprint(i)) })
		}
		s.Settle()
		runtime.GC()
	}
	try(t, []situation{
		{"nobody_has_them_any_more_and_they_are_many", func(s *stage) {
			drop(s, 0, 127)
			require.Empty(s, s.Reports)
			drop(s, 127, 128)
			require.Equal(s, want(0, 127), texts(s), "the last was still in the hands of the loop")
			require.NoError(s, s.Close())
			require.Equal(s, want(0, 128), texts(s))
		}},
		{"few_are_reported_at_Close", func(s *stage) {
			drop(s, 0, 3)
			require.Empty(s, s.Reports)
			require.NoError(s, s.Close())
			require.Equal(s, want(0, 3), texts(s))
		}},
		{"somebody_has_them_and_never_looks", func(s *stage) {
			var kept []*task.Task
			for i := range many {
				kept = append(kept, s.Spawn(func(coro.Yield) error { return errors.New(fmt.Sprint(i)) }))
			}
			s.Settle()
			require.Empty(s, s.Reports)
			require.NoError(s, s.Close())
			require.Equal(s, want(0, many), texts(s))
			runtime.KeepAlive(kept)
		}},
	})
}

// TestPendingAtTheEnd: the report names the task, also without debug mode.
func TestPendingAtTheEnd(t *testing.T) {
	s := newStage(t)
	task.Spawn(s.Loop, nap)
	s.GoRound(1)
	require.NoError(t, s.Close())
	require.Len(t, s.Reports, 1)
	require.Equal(t, "the loop closed: a task that was still pending: task_test.nap", s.Reports[0].Message+": "+s.Reports[0].Err.Error())
}
