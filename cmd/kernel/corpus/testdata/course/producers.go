package main

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

type job struct {
	id   int
	text string
}

func (j job) String() string { return fmt.Sprintf("#%d %s", j.id, j.text) }

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	q := wait.NewQueueOf[job](2)
	err = task.Main(l, func(yield coro.Yield) error {
		return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for w := range 2 {
				g.Go(func(yield coro.Yield) error {
					for {
						j, err := q.Get(yield)
						if errors.Is(err, wait.ErrShutDown) {
							fmt.Println("worker", w, "goes home")
							return nil
						}
						if err != nil {
							return err
						}
						fmt.Println("worker", w, j)
						if err := q.TaskDone(); err != nil {
							return err
						}
					}
				})
			}
			for i, text := range []string{"wash", "dry", "fold", "iron", "sleep"} {
				if err := q.Put(yield, job{i, text}); err != nil {
					return err
				}
			}
			if err := q.Join(yield); err != nil {
				return err
			}
			fmt.Println("all done", q.Len(), q.Full())
			q.Shutdown(false)
			return nil
		})
	})
	fmt.Println(err)
	_, err = q.GetNowait()
	var op *wait.OpError
	fmt.Println(errors.As(err, &op), err)
	p := wait.NewQueueOf[string](1)
	fmt.Println(p.PutNowait("a"), errors.Is(p.PutNowait("b"), wait.ErrFull))
}
