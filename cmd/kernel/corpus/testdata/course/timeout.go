package main

import (
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/coro"
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
		return task.Timeout(yield, time.Millisecond, func(yield coro.Yield) (any, error) {
			return nil, task.Sleep(yield, time.Hour)
		})
	})
	var timeout *task.TimeoutError
	fmt.Println(errors.As(err, &timeout), err != nil)
}
