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

var errTired = errors.New("tired")

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	var log []string
	err = task.Main(l, func(yield coro.Yield) error {
		t := task.Go(l, func(yield coro.Yield) (err error) {
			defer func() { log = append(log, fmt.Sprint("ends with: ", err)) }()
			err = task.Sleep(yield, time.Hour)
			if errors.Is(err, future.ErrCanceled) {
				log = append(log, "cleans up")
				if err := task.Sleep(yield, time.Millisecond); err != nil {
					return err
				}
			}
			return err
		})
		if err := task.Checkpoint(yield); err != nil {
			return err
		}
		fmt.Println(t.CancelCause(errTired), t.Cancelling(), t.Done())
		_, err := task.Await(yield, t)
		fmt.Println(errors.Is(err, future.ErrCanceled), errors.Is(err, errTired), t.State(), t.Cancel())

		stubborn := task.Go(l, func(yield coro.Yield) error {
			if err := task.Sleep(yield, time.Hour); err != nil {
				fmt.Println("ignored")
			}
			return nil
		})
		early := task.Go(l, func(yield coro.Yield) error { fmt.Println("never"); return nil })
		early.Cancel()
		task.Checkpoint(yield)
		stubborn.Cancel()
		_, err = task.Await(yield, stubborn)
		fmt.Println(err, early.State())

		me, err := task.Current(yield)
		if err != nil {
			return err
		}
		me.Cancel()
		err = task.Sleep(yield, time.Hour)
		fmt.Println(errors.Is(err, future.ErrCanceled), me.Uncancel())
		return nil
	})
	fmt.Println(err)
	for _, line := range log {
		fmt.Println(line)
	}
}
