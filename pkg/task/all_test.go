package task_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

func TestAll(t *testing.T) {
	try(t, []situation{
		{"the_living_the_oldest_first", func(s *stage) {
			require.Empty(s, task.All(s.Loop))
			a, b := task.Spawn(s.Loop, nap), task.Spawn(s.Loop, look)
			require.Equal(s, []*task.Task{a, b}, task.All(s.Loop))
			s.GoRound(1)
			require.Equal(s, []*task.Task{a}, task.All(s.Loop))
			a.Cancel()
			s.Settle()
			require.Empty(s, task.All(s.Loop))
		}},
		{"names_and_reasons", func(s *stage) {
			a := task.Spawn(s.Loop, nap)
			require.Equal(s, "task_test.nap", a.Name())
			require.Equal(s, "task task_test.nap", a.String())
			require.Equal(s, "nothing: it is about to run", a.Reason())
			s.GoRound(1)
			require.Equal(s, "its time, in 1h0m0s", a.Reason())
			b := task.Spawn(s.Loop, s.awaits(a))
			s.GoRound(1)
			require.Equal(s, "task task_test.nap", b.Reason())
			a.Cancel()
			s.Settle()
			require.Equal(s, "its end has come", a.Reason())
			require.Equal(s, "a task", (*task.Task)(nil).String())
			require.Equal(s, "a task", new(task.Task).String())
		}},
		{"who_waits_for_whom", func(s *stage) {
			a, b := task.Spawn(s.Loop, nap), task.Spawn(s.Loop, s.sleeps("b", time.Minute))
			one := task.Spawn(s.Loop, s.awaits(a))
			all := task.Spawn(s.Loop, func(yield coro.Yield) (any, error) { return task.GatherOutcomes(yield, a, b, a) })
			s.GoRound(1)
			require.Equal(s, "2 others", all.Reason())
			waits := task.WaitsFor(s.Loop)
			require.Len(s, waits, 4)
			require.Empty(s, waits[a])
			require.Equal(s, []*task.Task{a}, waits[one])
			require.Equal(s, []*task.Task{a, b}, waits[all])
			b.Cancel()
			s.GoRound(2)
			require.Equal(s, "1 of several", all.Reason())
			require.Equal(s, []*task.Task{a}, task.WaitsFor(s.Loop)[all])
			a.Cancel()
			s.Settle()
		}},
	})
}
