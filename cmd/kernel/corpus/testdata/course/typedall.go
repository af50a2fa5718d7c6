package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/task"
)

type point struct{ x, y int }

func (p point) String() string { return fmt.Sprintf("(%d|%d)", p.x, p.y) }

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	list, err := task.RunAs(l, func(yield coro.Yield) ([]point, error) {
		p, err := outside.RunAs(yield, func(ctx context.Context) (point, error) { return point{1, 2}, ctx.Err() })
		if err != nil {
			return nil, err
		}
		n, err := outside.Run(yield, func(ctx context.Context) (any, error) {
			<-time.After(time.Millisecond)
			return 7, nil
		})
		if err != nil {
			return nil, err
		}
		q, err := task.TimeoutAs(yield, time.Second, func(yield coro.Yield) (point, error) { return point{n.(int), 8}, nil })
		if err != nil {
			return nil, err
		}
		t := task.SpawnAs(l, func(yield coro.Yield) (*point, error) { return &point{9, 9}, task.Sleep(yield, time.Millisecond) })
		r, err := task.ShieldAs(yield, t)
		if err != nil {
			return nil, err
		}
		_, err = task.WaitForAs(yield, time.Millisecond, task.SpawnAs(l, func(yield coro.Yield) (string, error) { return "", task.Sleep(yield, time.Hour) }))
		var late *task.TimeoutError
		fmt.Println(errors.As(err, &late), t.Done(), t.State())
		return []point{p, q, *r}, nil
	})
	fmt.Println(list, err)
}
