package main

import (
	"fmt"

	"stepwise/pkg/future"
)

type soon []func()

func (s *soon) CallSoon(fn func()) { *s = append(*s, fn) }

func main() {
	var s soon
	f := future.New(&s)
	f.AddDoneCallback(func() {
		v, err := f.Result()
		fmt.Println("result:", v, err)
	})
	fmt.Println(f.State(), f.SetResult(42), f.State(), len(s))
	for _, fn := range s {
		fn()
	}
	fmt.Println(f.SetResult(43))
}
