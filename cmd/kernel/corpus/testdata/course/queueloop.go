package main

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	q := wait.NewQueueOf[int](3)
	sum, err := task.RunAs(l, func(yield coro.Yield) (int, error) {
		producer := task.Go(l, func(yield coro.Yield) error {
			for i := range 10 {
				if err := q.Put(yield, i); err != nil {
					return err
				}
			}
			q.Shutdown(false)
			return nil
		})
		sum := 0
		for n, err := range q.All(yield) {
			if err != nil {
				return 0, err
			}
			if n == 7 {
				continue
			}
			sum += n
		}
		_, err := task.Await(yield, producer)
		return sum, err
	})
	fmt.Println(sum, err)
}
