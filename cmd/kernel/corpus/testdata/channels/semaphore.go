package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	slots := make(chan struct{}, 2)
	var running, most atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			running.Add(-1)
		})
	}
	wg.Wait()
	fmt.Println(most.Load() <= 2, running.Load(), len(slots))
}
