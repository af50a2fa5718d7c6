package coro_test

import (
	"fmt"

	"stepwise/pkg/coro"
)

func Example() {
	c := coro.New(func(yield coro.Yield) (any, error) {
		sum := 0
		for {
			in, err := yield(sum)
			if err != nil {
				return sum, nil // closed: what we have is the result
			}
			sum += in.(int)
		}
	})

	c.Send(nil) // runs to the first yield
	for _, n := range []int{1, 2, 3} {
		sum, _ := c.Send(n)
		fmt.Println(sum)
	}
	c.Close()
	fmt.Println(c.Result())
	// Output:
	// 1
	// 3
	// 6
	// 6 <nil>
}
