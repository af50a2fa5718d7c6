package wait_test

import (
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// Five visitors share two places, and hand what they saw to one who tells it.
func Example() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	places := wait.NewSemaphore(2)
	seen := wait.NewQueueOf[int](1)
	inside, most := 0, 0

	visit := func(n int) func(coro.Yield) error {
		return func(yield coro.Yield) error {
			if err := places.Acquire(yield); err != nil {
				return err
			}
			defer places.Release()
			inside++
			most = max(most, inside)
			err := task.Sleep(yield, time.Millisecond)
			inside--
			if err != nil {
				return err
			}
			return seen.Put(yield, n)
		}
	}
	err = task.Main(l, func(yield coro.Yield) error {
		tell := task.SpawnAs(l, func(yield coro.Yield) (int, error) {
			sum := 0
			for n, err := range seen.All(yield) {
				if err != nil {
					return 0, err
				}
				sum += n
			}
			return sum, nil
		})
		err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for n := range 5 {
				g.Go(visit(n))
			}
			return nil
		})
		if err != nil {
			return err
		}
		seen.Shutdown(false)
		sum, err := task.AwaitAs(yield, tell)
		fmt.Println("sum of what was seen:", sum)
		return err
	})
	fmt.Println("inside at a time:", most, err)
	// Output:
	// sum of what was seen: 10
	// inside at a time: 2 <nil>
}
