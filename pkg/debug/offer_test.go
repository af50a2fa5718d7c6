package debug_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/debug"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/task"
)

// run runs body on a loop of its own, in a goroutine, until the test ends.
func run(t *testing.T, body coro.Body) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = task.Run(l, body)
		_ = l.Close()
	}()
	t.Cleanup(func() { l.Stop(); <-ended })
}

// offer offers this process's tasks until the test ends.
func offer(t *testing.T) {
	stop, err := debug.Offer()
	require.NoError(t, err)
	t.Cleanup(stop)
}

// until looks at this process until one loop is as it should be.
func until(t *testing.T, is func(l debug.Loop) bool) (found debug.Loop) {
	require.Eventually(t, func() bool {
		p, err := debug.Look(os.Getpid())
		require.NoError(t, err)
		require.Equal(t, os.Getpid(), p.PID)
		require.Equal(t, filepath.Base(os.Args[0]), p.Program)
		for _, l := range p.Loops {
			if is(l) {
				found = l
				return true
			}
		}
		return false
	}, time.Minute, time.Millisecond)
	return found
}

func nap(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, time.Hour) }

// gathers waits for two naps, and a third in a group.
func gathers(yield coro.Yield) (any, error) {
	return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		t := g.Spawn(nap)
		_, err := task.Gather(yield, task.Spawn(t.Loop(), nap), task.Spawn(t.Loop(), nap))
		return err
	})
}

func TestLook(t *testing.T) {
	t.Run("who_waits_for_whom", func(t *testing.T) {
		offer(t)
		run(t, gathers)
		l := until(t, func(l debug.Loop) bool { return len(l.Tasks) == 4 && l.Doing == debug.Asleep })
		first := l.Tasks[0].ID
		assert.Equal(t, "debug_test.gathers", l.Tasks[0].Name)
		assert.Equal(t, "2 others", l.Tasks[0].Waits)
		assert.Equal(t, []uint64{first + 2, first + 3}, l.Tasks[0].WaitsFor)
		assert.Equal(t, []uint64{first + 1}, l.Tasks[0].Group)
		assert.Equal(t, []string{"debug_test.gathers", "task.WithGroup", "debug_test.gathers.func1", "task.Gather"}, l.Tasks[0].Stack)
		assert.Contains(t, l.Tasks[0].At, "debug_test.gathers.func1 at ")
		assert.Contains(t, l.Tasks[0].At, "offer_test.go:")
		for i, one := range l.Tasks[1:] {
			assert.Equal(t, first+1+uint64(i), one.ID)
			assert.Equal(t, "debug_test.nap", one.Name)
			assert.Contains(t, one.Waits, "its time, in ")
			assert.Empty(t, one.WaitsFor)
			assert.Equal(t, []string{"debug_test.nap", "task.Sleep"}, one.Stack)
			assert.Contains(t, one.Spawned, "debug_test.gathers.func1 at ")
		}
	})
	t.Run("a_task_for_a_task", func(t *testing.T) {
		offer(t)
		run(t, func(yield coro.Yield) (any, error) {
			me, err := task.Current(yield)
			require.NoError(t, err)
			return task.Await(yield, task.Spawn(me.Loop(), nap))
		})
		l := until(t, func(l debug.Loop) bool { return len(l.Tasks) == 2 && l.Doing == debug.Asleep })
		assert.Equal(t, []uint64{l.Tasks[1].ID}, l.Tasks[0].WaitsFor)
		assert.Equal(t, "task debug_test.nap", l.Tasks[0].Waits)
	})
	t.Run("a_callback_that_doesn't_return", func(t *testing.T) {
		offer(t)
		hold := make(chan struct{})
		defer close(hold)
		run(t, func(yield coro.Yield) (any, error) {
			me, err := task.Current(yield)
			require.NoError(t, err)
			task.Spawn(me.Loop(), nap)
			if err := task.Checkpoint(yield); err != nil {
				return nil, err
			}
			holds(hold)
			return nil, nil
		})
		l := until(t, func(l debug.Loop) bool { return l.Doing == debug.Stuck })
		assert.Equal(t, "task "+strconv.FormatUint(l.Tasks[0].ID, 10)+" debug_test.TestLook.func3.1", l.What)
		assert.Empty(t, l.Tasks[0].Waits, "it runs")
		assert.Empty(t, l.Tasks[0].Stack)
		assert.Contains(t, l.Tasks[1].Waits, "its time, in ")
		assert.GreaterOrEqual(t, l.For, 100*time.Millisecond)
		require.NotEmpty(t, l.At)
		assert.Contains(t, l.At[0], "debug_test.TestLook.func3.1 at ")
		assert.Contains(t, l.At[1], "debug_test.holds at ")
		assert.Contains(t, l.At[1], "offer_test.go:")
	})
	t.Run("a_plain_callback_that_doesn't_return", func(t *testing.T) {
		offer(t)
		hold := make(chan struct{})
		defer close(hold)
		l, err := loop.New(loop.Options{})
		require.NoError(t, err)
		ended := make(chan error)
		l.CallSoon(func() { holds(hold); l.Stop() })
		go func() { ended <- l.Run() }()
		defer func() { require.NoError(t, <-ended); require.NoError(t, l.Close()) }()
		defer func() { hold <- struct{}{} }()
		found := until(t, func(l debug.Loop) bool { return l.Doing == debug.Stuck })
		assert.Equal(t, "debug_test.TestLook.func4.1", found.What)
		assert.Empty(t, found.Tasks)
		require.NotEmpty(t, found.At)
		assert.Contains(t, found.At[0], "debug_test.TestLook.func4.1 at ")
	})
	t.Run("tasks_and_loops_that_have_ended_are_gone", func(t *testing.T) {
		offer(t)
		l, err := loop.New(loop.Options{})
		require.NoError(t, err)
		p, err := debug.Look(os.Getpid())
		require.NoError(t, err)
		require.Equal(t, debug.Idle, p.Loops[0].Doing)
		_, err = task.Run(l, func(yield coro.Yield) (any, error) {
			return task.Gather(yield, task.Spawn(l, done), task.Spawn(l, done))
		})
		require.NoError(t, err)
		p, err = debug.Look(os.Getpid())
		require.NoError(t, err)
		require.Empty(t, p.Loops[0].Tasks)
		require.NoError(t, l.Close())
		p, err = debug.Look(os.Getpid())
		require.NoError(t, err)
		require.Empty(t, p.Loops)
	})
	t.Run("one_that_may_go_on_says_so_while_another_keeps_the_loop", func(t *testing.T) {
		offer(t)
		hold := make(chan struct{})
		defer close(hold)
		run(t, func(yield coro.Yield) (any, error) {
			me, err := task.Current(yield)
			require.NoError(t, err)
			waker := task.Spawn(me.Loop(), done)
			task.Spawn(me.Loop(), func(yield coro.Yield) (any, error) { return task.Await(yield, waker) })
			return nil, holdsLater(yield, hold)
		})
		l := until(t, func(l debug.Loop) bool { return l.Doing == debug.Stuck })
		require.Len(t, l.Tasks, 2)
		assert.Equal(t, "nothing: it is about to run", l.Tasks[1].Waits)
	})
}

// TestLookAgain: a future that a task has nothing to do with any more says nothing of it.
func TestLookAgain(t *testing.T) {
	offer(t)
	hold := make(chan struct{})
	defer close(hold)
	run(t, func(yield coro.Yield) (any, error) {
		me, err := task.Current(yield)
		require.NoError(t, err)
		f := future.New(me.Loop())
		require.NoError(t, f.SetResult(nil))
		require.True(t, f.Reset())
		task.Spawn(me.Loop(), func(yield coro.Yield) (any, error) {
			if _, err := task.Await(yield, f); err != nil {
				return nil, err
			}
			return nap(yield)
		})
		task.Spawn(me.Loop(), func(yield coro.Yield) (any, error) {
			f.AddDoneCallback(func() {})
			if err := task.Checkpoint(yield); err != nil {
				return nil, err
			}
			return nap(yield)
		})
		for range 2 {
			if err := task.Checkpoint(yield); err != nil {
				return nil, err
			}
		}
		require.NoError(t, f.SetResult(nil))
		for range 2 {
			if err := task.Checkpoint(yield); err != nil {
				return nil, err
			}
		}
		require.True(t, f.Reset())
		require.NoError(t, f.SetResult(nil))
		holds(hold)
		return nil, nil
	})
	l := until(t, func(l debug.Loop) bool { return l.Doing == debug.Stuck })
	require.Len(t, l.Tasks, 3)
	for _, one := range l.Tasks[1:] {
		assert.Contains(t, one.Waits, "its time, in ")
	}
}

// TestTwoAreStuck: whose stack is whose, nobody can tell.
func TestTwoAreStuck(t *testing.T) {
	offer(t)
	hold := make(chan struct{})
	defer close(hold)
	for range 2 {
		run(t, func(yield coro.Yield) (any, error) { holds(hold); return nil, nil })
	}
	require.Eventually(t, func() bool {
		p, err := debug.Look(os.Getpid())
		require.NoError(t, err)
		stuck := 0
		for _, l := range p.Loops {
			if l.Doing == debug.Stuck {
				stuck++
			}
		}
		return stuck == 2 && p.Loops[0].At == nil && p.Loops[1].At == nil
	}, time.Minute, time.Millisecond)
}

func done(yield coro.Yield) (any, error) { return nil, task.Checkpoint(yield) }

// holds is code that waits outside of the loop.
//
//go:noinline
func holds(hold chan struct{}) { <-hold }

// holdsLater lets the others run two rounds, and then keeps them all.
func holdsLater(yield coro.Yield, hold chan struct{}) error {
	err := errors.Join(task.Checkpoint(yield), task.Checkpoint(yield))
	holds(hold)
	return err
}

func TestOffer(t *testing.T) {
	t.Run("it_leaves_nothing_behind", func(t *testing.T) {
		path := fmt.Sprintf("/tmp/stepwise-%d/%d.sock", os.Getuid(), os.Getpid())
		before := leaktest.Begin(t)
		stop, err := debug.Offer()
		require.NoError(t, err)
		_, err = debug.Look(os.Getpid())
		require.NoError(t, err)
		pids, err := debug.Offering()
		require.NoError(t, err)
		require.Contains(t, pids, os.Getpid())
		stop()
		stop()
		before.End()
		require.NoFileExists(t, path)
		_, err = debug.Look(os.Getpid())
		require.ErrorIs(t, err, debug.ErrNotOffered)
	})
	t.Run("a_process_that_offers_nothing", func(t *testing.T) {
		_, err := debug.Look(1)
		require.ErrorIs(t, err, debug.ErrNotOffered)
		require.ErrorContains(t, err, "look at process 1: ")
	})
}

// BenchmarkStep is a bare yield: a step of a task, and the round around it.
func BenchmarkStep(b *testing.B) {
	for name, watch := range map[string]func() (stop func(), err error){
		"unwatched": func() (func(), error) { return func() {}, nil },
		"debug":     func() (func(), error) { return probe.Everywhere(debug.Mode{}), nil },
		"offered":   debug.Offer,
	} {
		b.Run(name, func(b *testing.B) {
			stop, err := watch()
			require.NoError(b, err)
			defer stop()
			l, err := loop.New(loop.Options{})
			require.NoError(b, err)
			defer l.Close()
			b.ReportAllocs()
			_, err = task.Run(l, func(yield coro.Yield) (any, error) {
				for b.Loop() {
					if err := task.Checkpoint(yield); err != nil {
						return nil, err
					}
				}
				return nil, nil
			})
			require.NoError(b, err)
		})
	}
}
