package loop_test

import (
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/loop"
)

// What a callback schedules runs in the next round, and a timer when it is due.
func Example() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	l.CallSoon(func() {
		fmt.Println("first")
		l.CallSoon(func() {
			fmt.Println("third")
			l.CallLater(time.Millisecond, func() {
				fmt.Println("a millisecond later")
				l.Stop()
			})
		})
	})
	l.CallSoon(func() { fmt.Println("second") })
	fmt.Println(l.Run())
	// Output:
	// first
	// second
	// third
	// a millisecond later
	// <nil>
}

// Another goroutine calls the loop; held, it waits for that instead of finding
// that it has nothing to do.
func ExampleLoop_CallSoonThreadsafe() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	release := l.Hold()
	go func() {
		defer release()
		_ = l.CallSoonThreadsafe(func() { fmt.Println("called from outside") })
	}()
	err = l.Run()
	fmt.Println(errors.Is(err, loop.ErrDeadlock), err)
	// Output:
	// called from outside
	// true loop: run: nothing left to wait for
}
