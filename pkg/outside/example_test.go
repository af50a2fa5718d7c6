package outside_test

import (
	"fmt"
	"os"
	"syscall"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/task"
)

// A task waits for a signal as it does for anything else.
func ExampleNotify() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		signals, err := outside.Notify(l, syscall.SIGUSR1)
		if err != nil {
			return nil, err
		}
		defer signals.Close()
		l.CallSoon(func() { _ = syscall.Kill(os.Getpid(), syscall.SIGUSR1) })
		sig, err := signals.Next(yield)
		fmt.Println("came:", sig)
		return nil, err
	})
	fmt.Println("error:", err)
	// Output:
	// came: user defined signal 1
	// error: <nil>
}
