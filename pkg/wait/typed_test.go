package wait_test

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// Two workers take jobs from a queue of one type, until it is shut down.
func ExampleQueueOf() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	err = task.Main(l, func(yield coro.Yield) error {
		var jobs wait.QueueOf[int]
		sum := 0
		return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for range 2 {
				g.Go(func(yield coro.Yield) error {
					for {
						n, err := jobs.Get(yield)
						if err != nil {
							return nil // shut down, and empty
						}
						sum += n
					}
				})
			}
			for n := range 5 {
				if err := jobs.Put(yield, n); err != nil {
					return err
				}
			}
			jobs.Shutdown(false)
			fmt.Println("handed in; done so far:", sum)
			g.Background(func(yield coro.Yield) error {
				_, err := yield(nil)
				fmt.Println("in the end:", sum)
				return err
			})
			return nil
		})
	})
	fmt.Println(err)
	// Output:
	// handed in; done so far: 0
	// in the end: 10
	// <nil>
}
