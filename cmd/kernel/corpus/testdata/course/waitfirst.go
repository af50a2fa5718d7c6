package main

import (
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func after(d time.Duration, v any) func(coro.Yield) (any, error) {
	return func(yield coro.Yield) (any, error) { return v, task.Sleep(yield, d) }
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	err = task.Main(l, func(yield coro.Yield) error {
		fast := task.Spawn(l, after(time.Millisecond, "fast"))
		slow := task.Spawn(l, after(time.Hour, "slow"))
		done, pending, err := task.Wait(yield, task.FirstCompleted, time.Hour, fast, slow)
		if err != nil {
			return err
		}
		fmt.Println(len(done), len(pending), done[0] == task.Awaitable(fast), pending[0] == task.Awaitable(slow))
		for _, a := range done {
			v, err := a.(*task.Task).Result()
			fmt.Println(v, err)
		}
		done, pending, err = task.Wait(yield, task.AllCompleted, time.Millisecond, slow)
		fmt.Println(len(done), len(pending), err)
		return task.CancelAndWait(yield, pending...)
	})
	fmt.Println(err)
}
