package task_test

// What a loop says when its tasks wait forever.

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/debug"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// stuck has tasks that wait for each other, or for what never comes.
type stuck struct {
	f     *future.Future
	queue wait.Queue
	full  *wait.Queue
	place wait.Semaphore
	event wait.Event
}

func (s *stuck) future(yield coro.Yield) (any, error) { return task.Await(yield, s.f) }
func (s *stuck) get(yield coro.Yield) (any, error)    { return s.queue.Get(yield) }
func (s *stuck) acquire(yield coro.Yield) (any, error) {
	return nil, s.place.Acquire(yield)
}
func (s *stuck) listen(yield coro.Yield) (any, error) { return nil, s.event.Wait(yield) }
func (s *stuck) put(yield coro.Yield) (any, error) {
	for {
		if err := s.full.Put(yield, 1); err != nil {
			return nil, err
		}
	}
}

func TestDeadlock(t *testing.T) {
	rows := []struct {
		name string
		body func(s *stuck, l *loop.Loop) coro.Body
		want string
	}{
		{"a future without a name", func(s *stuck, _ *loop.Loop) coro.Body { return s.future }, "task task_test.stuck.future awaits a future"},
		{"a future with a name", func(s *stuck, _ *loop.Loop) coro.Body {
			s.f.Name(time.Hour) // any fmt.Stringer
			return s.future
		}, "task task_test.stuck.future awaits 1h0m0s"},
		{"an item", func(s *stuck, _ *loop.Loop) coro.Body { return s.get }, "task task_test.stuck.get awaits an item in a queue"},
		{"room", func(s *stuck, _ *loop.Loop) coro.Body { return s.put }, "task task_test.stuck.put awaits room in a queue"},
		{"a place", func(s *stuck, _ *loop.Loop) coro.Body { return s.acquire }, "task task_test.stuck.acquire awaits a place at a semaphore"},
		{"an event", func(s *stuck, _ *loop.Loop) coro.Body { return s.listen }, "task task_test.stuck.listen awaits an event to be set"},
		{"another task", func(s *stuck, l *loop.Loop) coro.Body {
			get := task.Spawn(l, s.get)
			return func(yield coro.Yield) (any, error) { return task.Await(yield, get) }
		}, "awaits task task_test.stuck.get"},
		{"two tasks", func(s *stuck, l *loop.Loop) coro.Body {
			get, listen := task.Spawn(l, s.get), task.Spawn(l, s.listen)
			return func(yield coro.Yield) (any, error) { return task.Gather(yield, get, listen) }
		}, "awaits 2 others"},
	}
	for _, row := range rows {
		for mode, p := range map[string]probe.Probe{"plain": nil, "debug": debug.Mode{}} {
			t.Run(row.name+"/"+mode, func(t *testing.T) {
				s := newStage(t, looptest.Probe(p))
				defer s.Close()
				x := &stuck{f: future.New(s.Loop), full: wait.NewQueue(1)}
				task.Spawn(s.Loop, row.body(x, s.Loop))
				err := s.Run()
				require.ErrorIs(t, err, loop.ErrDeadlock)
				deadlock := (*loop.DeadlockError)(nil)
				require.ErrorAs(t, err, &deadlock)
				last := deadlock.Tasks[len(deadlock.Tasks)-1]
				require.Contains(t, err.Error(), "nothing left to wait for\n  "+deadlock.Tasks[0])
				if p == nil {
					require.Contains(t, last, row.want)
					return
				}
				require.Regexp(t, `^task \S+ made by task_test\.TestDeadlock\S* at \S+deadlock_test\.go:\d+ awaits `, last)
			})
		}
	}
	t.Run("of many, a few are listed", func(t *testing.T) {
		s := newStage(t)
		defer s.Close()
		x := &stuck{}
		for range 12 {
			task.Spawn(s.Loop, x.get)
		}
		err := s.Run()
		require.Regexp(t, `^loop: (run: )?nothing left to wait for(\n  task task_test\.stuck\.get awaits an item in a queue){10}\n  and 2 more$`, fmt.Sprint(err))
	})
	t.Run("task.Run says it of its own task", func(t *testing.T) {
		s := newStage(t)
		defer s.Close()
		x := &stuck{}
		_, err := task.Run(s.Loop, x.get)
		require.EqualError(t, err, "task: run: loop: run: nothing left to wait for\n  task task_test.stuck.get awaits an item in a queue")
	})
}
