package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var n int64
	var ready atomic.Bool
	var p atomic.Pointer[string]
	var wg sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			atomic.AddInt64(&n, 2)
		}()
	}
	wg.Wait()
	ready.Store(true)
	s := "x"
	p.Store(&s)
	fmt.Println(atomic.LoadInt64(&n), ready.Load(), *p.Load())
}
