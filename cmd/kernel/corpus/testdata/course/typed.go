package main

import (
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

type page struct {
	url  string
	size int
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	p, err := task.RunAs(l, func(yield coro.Yield) (page, error) {
		t := task.SpawnAs(l, func(yield coro.Yield) (int, error) { return 7, nil })
		n, err := task.AwaitAs(yield, t)
		return page{"/", n}, err
	})
	fmt.Println(p.url, p.size, err)
}
