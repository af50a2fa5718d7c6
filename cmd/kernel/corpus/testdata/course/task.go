package main

import (
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func later(name string, d time.Duration) coro.Body {
	return func(yield coro.Yield) (any, error) { return name, task.Sleep(yield, d) }
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	fmt.Println(task.Run(l, func(yield coro.Yield) (any, error) {
		slow := task.Spawn(l, later("slow", 3*time.Millisecond))
		fast := task.Spawn(l, later("fast", 0))
		return task.Gather(yield, slow, fast)
	}))
}
