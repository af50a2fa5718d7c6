package main

import (
	"fmt"
	"sync"
)

type cache struct {
	mu   sync.RWMutex
	data map[int]int
}

func (c *cache) get(k int, make func(int) int) int {
	c.mu.RLock()
	v, ok := c.data[k]
	c.mu.RUnlock()
	if ok {
		return v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.data[k]; ok {
		return v
	}
	v = make(k)
	c.data[k] = v
	return v
}

func main() {
	c := &cache{data: map[int]int{}}
	calls := 0
	for _, k := range []int{2, 3, 2} {
		fmt.Print(c.get(k, func(n int) int { calls++; return n * n }), " ")
	}
	fmt.Println(calls)
}
