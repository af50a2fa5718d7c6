package main

import (
	"fmt"
	"sync"
)

type Safe struct {
	sync.Mutex
	n map[string]int
}

func (s *Safe) Inc(k string) {
	s.Lock()
	defer s.Unlock()
	s.n[k]++
}

func main() {
	s := Safe{n: map[string]int{}}
	var wg sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.Inc("k")
		}()
	}
	wg.Wait()
	fmt.Println(s.n["k"])
}
