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

var errBad = errors.New("bad")

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	err = task.Main(l, func(yield coro.Yield) error {
		return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			g.Go(func(yield coro.Yield) error {
				err := task.Sleep(yield, time.Hour)
				fmt.Println("sleeper:", errors.Is(err, future.ErrCanceled))
				return err
			})
			g.Go(func(yield coro.Yield) error { return errBad })
			return nil
		})
	})
	fmt.Println(errors.Is(err, errBad))
}
