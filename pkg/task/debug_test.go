package task_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/debug"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// inDebug runs play on a stage in debug mode, closes its loop, and wants these
// reports, each of them with this file as the place.
func inDebug(t *testing.T, name string, play func(s *stage), want ...string) {
	t.Run(name, func(t *testing.T) {
		s := newStage(t, looptest.Probe(debug.Mode{}))
		play(s)
		require.NoError(t, s.Close())
		require.Len(t, s.Reports, len(want), "%v", s.Reports)
		for i, e := range s.Reports {
			assert.Contains(t, e.String(), want[i])
			assert.Contains(t, e.String(), "made by task_test.")
			assert.Contains(t, e.String(), "debug_test.go:")
		}
	})
}

func nap(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, time.Hour) }

// look is a body, with a name.
func look(coro.Yield) (any, error) { return nil, nil }

// inCell is body as the notebooks' interpreter makes it: by reflection.
func inCell(body coro.Body) coro.Body {
	return reflect.MakeFunc(reflect.TypeFor[coro.Body](), reflect.ValueOf(body).Call).Interface().(coro.Body)
}

func TestDebug(t *testing.T) {
	oops := errors.New("oops")
	inDebug(t, "a_task_that_nobody_awaits", func(s *stage) {
		for range 3 {
			task.Spawn(s.Loop, look)
		}
		_, _ = task.Spawn(s.Loop, look).Result() // too early: it has none
		s.Settle()
	}, ", 3 times: nobody", "a task was never awaited: task task_test.look")
	inDebug(t, "the_task_of_a_cell_has_the_name_that_it_says_itself", func(s *stage) {
		require.Equal(s, "a task of a cell", task.Spawn(s.Loop, inCell(look)).String())
		s.Settle()
	}, "a task was never awaited: a task of a cell made by")
	inDebug(t, "a_task_that_its_group_refuses", func(s *stage) {
		_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) {
			var over *task.Group
			err := task.WithGroup(yield, func(_ coro.Yield, g *task.Group) error { over = g; return nil })
			over.Spawn(look)
			return nil, err
		})
		require.NoError(s, err)
	}, "error was never read: task: group: group takes no more tasks", "a task was never awaited: task task_test.look")
	inDebug(t, "the_same_place_many_times", func(s *stage) {
		for range 3 {
			task.Spawn(s.Loop, look)
		}
		s.Settle()
	}, ", 3 times: nobody has looked at its result")
	inDebug(t, "the_same_place_looked_at_in_between", func(s *stage) {
		for i := range 4 {
			one := task.Spawn(s.Loop, look)
			s.Settle()
			if i%2 == 0 {
				_, _ = one.Result()
				_, _ = one.Result() // counts once
			}
		}
	}, ", 2 times: nobody has looked at its result")
	inDebug(t, "looked_at_in_any_way_it_is_no_orphan", func(s *stage) {
		task.Spawn(s.Loop, look).AddDoneCallback(func() {})
		_, _ = task.Run(s.Loop, func(yield coro.Yield) (any, error) {
			_, err := task.Gather(yield, task.Spawn(s.Loop, look), task.Spawn(s.Loop, look))
			if err != nil {
				return nil, err
			}
			return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(look)
				return nil
			})
		})
		done := task.Spawn(s.Loop, look)
		s.Settle()
		_, _ = done.Result()
		_, _ = done.Result()
	})
	inDebug(t, "U11_T31_an_error_that_nobody_reads", func(s *stage) {
		_ = future.New(s.Loop).SetError(oops)
		task.Spawn(s.Loop, func(coro.Yield) (any, error) { return nil, oops }).AddDoneCallback(func() {})
		s.Settle()
	}, "error was never read: oops (future made by task_test.TestDebug.", "error was never read: oops (task task_test.TestDebug.")
	inDebug(t, "T30_a_task_that_is_pending_at_the_end", func(s *stage) {
		task.Spawn(s.Loop, nap).AddDoneCallback(func() {})
		require.NoError(s, s.Round())
	}, "a task that was still pending (task task_test.nap made by")
	inDebug(t, "T32_a_slow_step_of_a_task", func(s *stage) {
		a := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
			s.Time += 99 * time.Millisecond
			err := task.Checkpoint(yield)
			s.Time += 150 * time.Millisecond
			return nil, err
		})
		s.Settle()
		_, _ = a.Result()
	}, "a callback was slow: task task_test.TestDebug.func9.1 took 150ms, while nothing else could run (made by")
	inDebug(t, "T32_a_callback_after_it_is_not_that_task", func(s *stage) {
		task.Spawn(s.Loop, look).AddDoneCallback(func() {})
		s.CallSoon(func() { s.Time += time.Second })
		s.Settle()
	}, "a callback was slow: task_test.TestDebug.func")
	inDebug(t, "a_task_that_was_detached_and_fails", func(s *stage) {
		task.Spawn(s.Loop, func(coro.Yield) (any, error) { return nil, oops }).Detach()
		task.Spawn(s.Loop, look).Detach()
		s.Settle()
	}, "a task failed that nobody awaits: oops")
}
