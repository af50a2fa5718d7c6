package main

import (
	"errors"
	"fmt"

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
	_, err = task.Run(l, func(yield coro.Yield) (any, error) { return task.Await(yield, future.New(l)) })
	var dead *loop.DeadlockError
	fmt.Println(errors.As(err, &dead), err != nil)
	_, err = task.Await(nil, future.New(l))
	fmt.Println(errors.Is(err, task.ErrNoTask))
	l.CallSoon(l.Stop)
	_, err = task.Run(l, func(yield coro.Yield) (any, error) { return task.Await(yield, future.New(l)) })
	fmt.Println(errors.Is(err, task.ErrStopped))
	l.Close()
	fmt.Println(l.Closed(), errors.Is(l.Run(), loop.ErrClosed))
}
