package task_test

// Who is told of a panic, where nobody takes it. Read rig_test.go before.

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// TestPanicsAreNotLost: where no handler is, the loop is told, once and with a stack.
func TestPanicsAreNotLost(t *testing.T) {
	panics := func(coro.Yield) (any, error) { explode(); return nil, nil }
	late := func(yield coro.Yield) (any, error) { defer explode(); return nil, task.Sleep(yield, time.Hour) }
	rows := map[string]struct {
		run  func(s *stage)
		want string
	}{
		"nobody_looks": {func(s *stage) { task.Spawn(s.Loop, panics); s.Settle() },
			"error was never read: panic: boom"},
		"nobody_looks_at_a_panic_with_a_cancellation": {func(s *stage) {
			t := task.Spawn(s.Loop, func(coro.Yield) (any, error) { panic(fmt.Errorf("boom: %w", future.ErrCanceled)) })
			s.Settle()
			require.Equal(s, future.Finished, t.State(), "to panic is to fail")
		}, "error was never read: panic: boom: canceled"},
		"nobody_looks_at_a_canceled_task_with_it": {func(s *stage) {
			t := task.Spawn(s.Loop, group(ready, late))
			s.GoRound(3)
			t.Cancel()
			s.Settle()
			require.Equal(s, future.Canceled, t.State())
		}, "error was never read: canceled\npanic: boom"},
		"as_the_loop_closes": {func(s *stage) { task.Spawn(s.Loop, late); s.GoRound(1) },
			"the loop closed: a task that was still pending: panic: boom"},
		"as_a_Run_is_stopped": {func(s *stage) {
			s.CallLater(1, s.Stop)
			_, err := task.Run(s.Loop, late)
			require.ErrorIs(s, err, task.ErrStopped)
		}, "a task panicked as its Run ended: panic: boom"},
		"as_a_Run_has_nothing_to_wait_for": {func(s *stage) {
			_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) {
				defer explode()
				return task.Await(yield, future.New(s.Loop))
			})
			require.ErrorIs(s, err, loop.ErrDeadlock)
		}, "a task panicked as its Run ended: panic: boom"},
		"in_a_group_whose_body_panics": {func(s *stage) {
			_, err := task.Run(s.Loop, group(func(yield coro.Yield) (any, error) { _ = task.Checkpoint(yield); panic("body") }, late))
			require.EqualError(s, err, "panic: body")
		}, "a task failed in a group whose body panicked: panic: boom"},
		"of_one_that_is_canceled_and_waited_for": {func(s *stage) {
			s.in(func(yield coro.Yield) {
				t := task.Spawn(s.Loop, late)
				_ = task.Checkpoint(yield)
				require.NoError(s, task.CancelAndWait(yield, t))
			})
		}, "error was never read: panic: boom"},
		"of_one_that_is_gathered_behind_another": {func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := task.Gather(yield, task.Spawn(s.Loop, s.failsAfter(-1, io.EOF)), task.Spawn(s.Loop, panics))
				require.Equal(s, io.EOF, err, "the first that failed")
			})
		}, "error was never read: panic: boom"},
		"of_one_that_is_shielded_from_its_caller": {func(s *stage) {
			t := s.Spawn(func(yield coro.Yield) error {
				_, err := task.Shield(yield, task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
					defer explode()
					return nil, task.Sleep(yield, time.Second)
				}))
				return err
			})
			s.GoRound(2)
			t.Cancel()
			s.Settle()
		}, "error was never read: panic: boom"},
	}
	one, two := &coro.PanicError{Value: "one"}, &coro.PanicError{Value: "two"}
	beside := fmt.Errorf("body: %w", errors.Join(one, future.ErrCanceled, two))
	require.Len(t, coro.Panics(future.WithoutCancel(beside)), 2)
	require.Len(t, coro.Panics(&task.TimeoutError{Doing: beside}), 2)
	for name, row := range rows {
		try(t, []situation{{name, func(s *stage) {
			row.run(s)
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1)
			e := s.Reports[0]
			require.Equal(s, row.want, e.Message+": "+e.Err.Error())
			require.Contains(s, string(e.Stack), "panic(")
			require.Contains(s, string(e.Stack), "_test.go")
		}}})
	}
}
