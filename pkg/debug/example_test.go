package debug_test

import (
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/debug"
	"stepwise/pkg/loop"
)

// Debug mode names what keeps all others waiting.
func Example() {
	l, err := loop.New(loop.Options{Probe: debug.Mode{Slow: 10 * time.Millisecond}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	l.SetExceptionHandler(func(e loop.Exception) {
		var slow *debug.SlowError
		fmt.Println(e.Message, errors.As(e.Err, &slow), slow.Took >= 10*time.Millisecond)
	})
	l.CallSoon(func() { time.Sleep(10 * time.Millisecond) }) // never do that
	fmt.Println(l.Round())
	// Output:
	// a callback was slow true true
	// <nil>
}
