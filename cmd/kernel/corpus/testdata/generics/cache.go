package main

import (
	"fmt"
	"sync"
)

type Cache[K comparable, V any] struct {
	mu   sync.Mutex
	data map[K]V
	load func(K) (V, error)
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{data: make(map[K]V), load: load}
}

func (c *Cache[K, V]) Get(k K) (V, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.data[k]; ok {
		return v, nil
	}
	v, err := c.load(k)
	if err == nil {
		c.data[k] = v
	}
	return v, err
}

func main() {
	calls := 0
	c := NewCache(func(k int) (string, error) {
		calls++
		if k < 0 {
			return "", fmt.Errorf("negative: %d", k)
		}
		return fmt.Sprint("v", k), nil
	})
	c.Get(1)
	fmt.Println(c.Get(1))
	fmt.Println(c.Get(-1))
	fmt.Println(calls)
}
