package main

import (
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

type gate struct {
	wait.Event
	passed []string
}

func (g *gate) pass(name string) func(yield coro.Yield) error {
	return func(yield coro.Yield) error {
		if err := g.Wait(yield); err != nil {
			return err
		}
		g.passed = append(g.passed, name)
		return nil
	}
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	var g gate
	busy, most := 0, 0
	err = task.Main(l, func(yield coro.Yield) error {
		a, b := task.Go(l, g.pass("a")), task.Go(l, g.pass("b"))
		if err := task.Sleep(yield, time.Millisecond); err != nil {
			return err
		}
		fmt.Println(g.passed, g.IsSet())
		g.Set()
		if _, err := task.Gather(yield, a, b); err != nil {
			return err
		}
		fmt.Println(g.passed, g.IsSet())
		s := wait.NewSemaphore(2)
		return task.WithGroup(yield, func(yield coro.Yield, group *task.Group) error {
			for range 6 {
				group.Go(func(yield coro.Yield) error {
					if err := s.Acquire(yield); err != nil {
						return err
					}
					defer s.Release()
					busy++
					defer func() { busy-- }()
					most = max(most, busy)
					return task.Sleep(yield, time.Millisecond)
				})
			}
			return nil
		})
	})
	fmt.Println(busy, most, err)
	b := wait.NewBoundedSemaphore(1)
	fmt.Println(b.TryAcquire(), b.TryAcquire(), b.Locked(), b.Release(), b.Release() != nil)
}
