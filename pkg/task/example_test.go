package task_test

import (
	"errors"
	"fmt"
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// run runs body on a loop of its own and prints how it ends.
func run(body coro.Body) {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	v, err := task.Run(l, body)
	fmt.Println(v, err)
}

// later is a body that returns name after a moment.
func later(name string, d time.Duration) coro.Body {
	return func(yield coro.Yield) (any, error) { return name, task.Sleep(yield, d) }
}

// A task waits for another, and the loop is theirs for that long.
func Example() {
	run(func(yield coro.Yield) (any, error) {
		l, err := task.LoopOf(yield)
		if err != nil {
			return nil, err
		}
		child := task.Spawn(l, later("from the child", time.Millisecond))
		return task.Await(yield, child)
	})
	// Output: from the child <nil>
}

func ExampleGather() {
	run(func(yield coro.Yield) (any, error) {
		l, err := task.LoopOf(yield)
		if err != nil {
			return nil, err
		}
		slow := task.Spawn(l, later("slow", 20*time.Millisecond))
		fast := task.Spawn(l, later("fast", 0))
		return task.Gather(yield, slow, fast)
	})
	// Output: [slow fast] <nil>
}

func ExampleWait() {
	run(func(yield coro.Yield) (any, error) {
		l, err := task.LoopOf(yield)
		if err != nil {
			return nil, err
		}
		slow := task.Spawn(l, later("slow", time.Hour))
		fast := task.Spawn(l, later("fast", 0))
		done, pending, err := task.Wait(yield, task.FirstCompleted, -1, slow, fast)
		if err != nil {
			return nil, err
		}
		fmt.Println(len(done), len(pending))
		return done[0] == fast, task.CancelAndWait(yield, pending...)
	})
	// Output:
	// 1 1
	// true <nil>
}

func ExampleWithGroup() {
	errBad := errors.New("no such page")
	run(func(yield coro.Yield) (any, error) {
		return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			g.Spawn(func(yield coro.Yield) (any, error) {
				err := task.Sleep(yield, time.Hour)
				fmt.Println("the other one:", err)
				return nil, err
			})
			g.Spawn(func(coro.Yield) (any, error) { return nil, errBad })
			return nil
		})
	})
	// Output:
	// the other one: canceled
	// <nil> no such page
}

func ExampleTimeout() {
	run(func(yield coro.Yield) (any, error) {
		_, err := task.Timeout(yield, 10*time.Millisecond, later("never", time.Hour))
		fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
		return nil, err
	})
	// Output:
	// true
	// <nil> timed out after 10ms (canceled)
}

func ExampleShield() {
	run(func(yield coro.Yield) (any, error) {
		l, err := task.LoopOf(yield)
		if err != nil {
			return nil, err
		}
		save := task.Spawn(l, later("saved", 20*time.Millisecond))
		_, err = task.Timeout(yield, time.Millisecond, func(yield coro.Yield) (any, error) {
			return task.Shield(yield, save) // only the wait for it is given up
		})
		fmt.Println(err)
		return task.Await(yield, save)
	})
	// Output:
	// timed out after 1ms (canceled)
	// saved <nil>
}

func ExampleTask_CancelCause() {
	errShutdown := errors.New("server shuts down")
	run(func(yield coro.Yield) (any, error) {
		l, err := task.LoopOf(yield)
		if err != nil {
			return nil, err
		}
		child := task.Spawn(l, later("never", time.Hour))
		child.CancelCause(errShutdown)
		return task.Await(yield, child)
	})
	// Output: <nil> canceled: server shuts down
}
