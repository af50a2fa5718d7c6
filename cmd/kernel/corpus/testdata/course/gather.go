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

type page struct {
	name string
	size int
}

var errGone = errors.New("gone")

func load(name string, d time.Duration, err error) coro.Body {
	return func(yield coro.Yield) (any, error) {
		defer fmt.Println(name, "is over")
		if e := task.Sleep(yield, d); e != nil {
			return nil, e
		}
		return page{name, len(name)}, err
	}
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		var all []task.Awaitable
		for i, name := range []string{"a", "bb", "ccc"} {
			all = append(all, task.Spawn(l, load(name, time.Duration(3-i)*4*time.Millisecond, nil)))
		}
		values, err := task.Gather(yield, all...)
		for i, v := range values {
			fmt.Println(i, v, v.(page).size)
		}
		fmt.Println(err)

		bad := task.Spawn(l, load("bad", 0, fmt.Errorf("load: %w", errGone)))
		slow := task.Spawn(l, load("slow", time.Hour, nil))
		_, err = task.Gather(yield, bad, slow)
		fmt.Println(err, errors.Is(err, errGone))
		slow.Cancel()
		_, err = task.Await(yield, slow)
		fmt.Println(errors.Is(err, future.ErrCanceled), slow.State())

		outcomes, err := task.GatherOutcomes(yield, task.Spawn(l, load("one", 0, nil)), task.Spawn(l, load("two", time.Millisecond, errGone)))
		for _, o := range outcomes {
			fmt.Println(o.Value, o.Err)
		}
		return nil, err
	})
	fmt.Println(err)
}
