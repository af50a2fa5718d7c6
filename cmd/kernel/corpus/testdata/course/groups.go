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

type failure struct{ who string }

func (f *failure) Error() string { return f.who + " failed" }

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	err = task.Main(l, func(yield coro.Yield) error {
		results := make(map[string]int)
		err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for i, name := range []string{"x", "y", "z"} {
				g.Go(func(yield coro.Yield) error {
					results[name] = i * i
					return task.Sleep(yield, time.Duration(i)*time.Millisecond)
				})
			}
			g.Background(func(yield coro.Yield) error { return task.Sleep(yield, time.Hour) })
			return nil
		})
		fmt.Println(results, err)
		return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			g.Go(func(yield coro.Yield) error { return &failure{"first"} })
			_, err := task.Await(yield, future.New(l))
			fmt.Println("inside:", errors.Is(err, future.ErrCanceled))
			return err
		})
	})
	var f *failure
	fmt.Println(errors.As(err, &f))
	if f != nil {
		fmt.Println(f.who)
	}
	fmt.Println(err)
}
