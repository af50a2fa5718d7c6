package main

import (
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

type resource struct{ name string }

func open(name string) *resource { fmt.Println("open", name); return &resource{name} }
func (r *resource) Close() error {
	fmt.Println("close", r.name)
	return errors.New(r.name + " is stuck")
}

func use(yield coro.Yield, d time.Duration) (err error) {
	for _, name := range []string{"a", "b"} {
		r := open(name)
		defer func() { err = errors.Join(err, r.Close()) }()
	}
	return task.Sleep(yield, d)
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	fmt.Println(task.Main(l, func(yield coro.Yield) error { return use(yield, time.Millisecond) }))
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		return task.Timeout(yield, time.Millisecond, func(yield coro.Yield) (any, error) { return nil, use(yield, time.Hour) })
	})
	var late *task.TimeoutError
	fmt.Println(errors.As(err, &late))
}
