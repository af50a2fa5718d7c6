package draw_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/draw"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

func nap(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, time.Hour) }

// still is a clock on which no time passes.
type still struct{}

func (still) Now() time.Duration { return 0 }

// living returns the text of a loop on which start has run, after some rounds.
func living(t *testing.T, start func(l *loop.Loop)) string {
	l, err := loop.New(loop.Options{Selector: selector.NewFake(), Clock: still{}})
	require.NoError(t, err)
	l.SetExceptionHandler(func(loop.Exception) {})
	start(l)
	for range 4 {
		task.Spawn(l, func(coro.Yield) (any, error) { return nil, nil })
		require.NoError(t, l.Round())
	}
	_ = l.Round() // an error here only says that nothing is left
	text := draw.Tasks(l)
	require.NoError(t, l.Close())
	return strings.ReplaceAll(text, "draw_test.", "")
}

func crawl(yield coro.Yield) (any, error) {
	return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		g.Spawn(nap)
		g.Spawn(pair)
		return nil
	})
}

func pair(yield coro.Yield) (any, error) {
	t, err := task.Current(yield)
	if err != nil {
		return nil, err
	}
	return task.Gather(yield, task.Spawn(t.Loop(), nap), task.Spawn(t.Loop(), locked))
}

func locked(yield coro.Yield) (any, error) { return nil, new(wait.Semaphore).Acquire(yield) }

func TestTasks(t *testing.T) {
	t.Run("none", func(t *testing.T) {
		require.Equal(t, "0 tasks\n", living(t, func(*loop.Loop) {}))
	})
	t.Run("each_above_those_that_it_waits_for", func(t *testing.T) {
		text := living(t, func(l *loop.Loop) {
			task.Spawn(l, nap)
			task.Spawn(l, crawl)
		})
		require.Equal(t, `6 tasks
  task nap awaits its time, in 1h0m0s
  task crawl awaits 2 others
     task nap awaits its time, in 1h0m0s
     task pair awaits 2 others
        task nap awaits its time, in 1h0m0s
        task locked awaits a place at a semaphore
`, text)
	})
	t.Run("two_wait_for_one", func(t *testing.T) {
		text := living(t, func(l *loop.Loop) {
			one := task.Spawn(l, nap)
			for range 2 {
				task.Spawn(l, func(yield coro.Yield) (any, error) { return task.Await(yield, one) })
			}
		})
		require.Equal(t, 2, strings.Count(text, "     task nap awaits its time"), text)
		require.Equal(t, 1, strings.Count(text, "(see above)"), text)
	})
	t.Run("a_group_whose_block_still_runs", func(t *testing.T) {
		text := living(t, func(l *loop.Loop) {
			task.Spawn(l, func(yield coro.Yield) (any, error) {
				return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Spawn(locked)
					_, err := nap(yield)
					return err
				})
			})
		})
		require.Contains(t, text, " awaits its time, in 1h0m0s\n     task locked awaits a place at a semaphore\n")
	})
	t.Run("thousands", func(t *testing.T) {
		text := living(t, func(l *loop.Loop) {
			for range 3000 {
				task.Spawn(l, nap)
			}
		})
		require.Contains(t, text, "3000 tasks\n")
		require.Regexp(t, `and \d+ more\n$`, text)
	})
}
