package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
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
	forever := func(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, time.Hour) }
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		_, err := task.Timeout(yield, 2*time.Millisecond, forever)
		var late *task.TimeoutError
		if errors.As(err, &late) {
			fmt.Println(late.After, late.Timeout(), late)
		}
		var asNet net.Error
		fmt.Println(errors.As(err, &asNet) && asNet.Timeout(), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded))
		wrapped := fmt.Errorf("page: %w", err)
		late = nil
		fmt.Println(errors.As(wrapped, &late), late.After, wrapped)

		t := task.Spawn(l, forever)
		_, err = task.WaitFor(yield, time.Millisecond, t)
		fmt.Println(errors.As(err, &late), t.State())
		err = task.FailAfter(yield, time.Second, func(yield coro.Yield) error { return task.Sleep(yield, 0) })
		fmt.Println(err)
		_, err = task.Deadline(yield, l.Now()+time.Millisecond, forever)
		switch e := err.(type) {
		case *task.TimeoutError:
			fmt.Println("late", e.Doing != nil)
		default:
			fmt.Printf("other %T\n", e)
		}
		return task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) { return "in time", nil })
	})
	fmt.Println(err)
}
