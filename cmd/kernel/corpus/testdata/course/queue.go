package main

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

type job struct{ n int }

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	q := wait.NewQueue(2)
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			for i := range 4 {
				if err := q.Put(yield, job{i}); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		sum := 0
		for range 4 {
			v, err := q.Get(yield)
			if err != nil {
				return nil, err
			}
			sum += v.(job).n
		}
		fmt.Println(sum)
		return nil, nil
	})
	fmt.Println(err)
}
