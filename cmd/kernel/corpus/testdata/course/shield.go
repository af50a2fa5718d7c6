package main

import (
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		inner := task.Spawn(l, func(yield coro.Yield) (any, error) {
			return "saved", task.Sleep(yield, 3*time.Millisecond)
		})
		outer := task.Spawn(l, func(yield coro.Yield) (any, error) { return task.Shield(yield, inner) })
		task.Checkpoint(yield)
		outer.Cancel()
		_, err := task.Await(yield, outer)
		fmt.Println(errors.Is(err, future.ErrCanceled))
		return task.Await(yield, inner)
	})
	fmt.Println(err)
}
