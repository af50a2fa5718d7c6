package future_test

import (
	"fmt"

	"stepwise/pkg/future"
)

// soon is the smallest Scheduler.
type soon []func()

func (s *soon) CallSoon(fn func()) { *s = append(*s, fn) }

func Example() {
	var s soon
	f := future.New(&s)
	f.AddDoneCallback(func() {
		v, err := f.Result()
		fmt.Println("result:", v, err)
	})

	fmt.Println(f.State())
	_ = f.SetResult(42)
	fmt.Println(f.State(), "- and the callback has not run yet")
	for _, fn := range s {
		fn()
	}
	fmt.Println(f.SetResult(43))
	// Output:
	// pending
	// finished - and the callback has not run yet
	// result: 42 <nil>
	// future: SetResult: future is done already (finished)
}
