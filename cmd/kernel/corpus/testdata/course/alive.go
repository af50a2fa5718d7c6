package main

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// alive counts the tasks on l that aren't done, and those that one waits for.
func alive(l *loop.Loop, one *task.Task) (all, waits int) {
	for _, t := range task.All(l) {
		if !t.Done() {
			all++
		}
	}
	for _, other := range task.WaitsFor(l)[one] {
		if !other.Done() {
			waits++
		}
	}
	return all, waits
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	gate := future.New(l)
	slow := task.Spawn(l, func(yield coro.Yield) (any, error) { return task.Await(yield, gate) })
	patient := task.Spawn(l, func(yield coro.Yield) (any, error) { return task.Await(yield, slow) })
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		if err := task.Sleep(yield, 0); err != nil {
			return nil, err
		}
		fmt.Println(alive(l, patient))
		gate.SetResult("open")
		return task.Await(yield, patient)
	})
	fmt.Println(err)
	fmt.Println(alive(l, patient))
}
