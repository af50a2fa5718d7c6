package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type request struct {
	n     int
	reply chan int
}

var ready2 = make(chan struct{})

type cache struct {
	sync.RWMutex
	m map[string]int
}

func newCache() *cache               { return &cache{m: map[string]int{}} }
func (c *cache) set(k string, v int) { c.Lock(); defer c.Unlock(); c.m[k] = v }
func (c *cache) get(k string) (int, bool) {
	c.RLock()
	defer c.RUnlock()
	v, ok := c.m[k]
	return v, ok
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := 1; i <= 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			total += i
		}()
	}
	wg.Wait()
	fmt.Println(total)
	results := make([]int, 5)
	for i := range results {
		wg.Go(func() { results[i] = i * i })
	}
	wg.Wait()
	fmt.Println(results)
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	var n atomic.Int64
	var ready = make(chan struct{})
	for range 4 {
		wg.Go(func() { <-ready; n.Add(2) })
	}
	close(ready)
	wg.Wait()
	fmt.Println(n.Load())
	reqs := make(chan request)
	go func() {
		for r := range reqs {
			r.reply <- r.n * 2
		}
		fmt.Println("server ends")
		close(ready2)
	}()
	for i := range 3 {
		r := request{i, make(chan int)}
		reqs <- r
		fmt.Print(<-r.reply, " ")
	}
	close(reqs)
	<-ready2
	cc := make(chan chan string, 1)
	c := make(chan string, 1)
	cc <- c
	c <- "nested"
	fmt.Println(<-<-cc)
	c1 := newCache()
	c1.set("a", 1)
	v, ok := c1.get("a")
	_, no := c1.get("b")
	fmt.Println(v, ok, no)
}
