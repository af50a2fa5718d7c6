package main

import (
	"fmt"
	"sync"
)

type config struct {
	once  sync.Once
	value string
	loads int
}

func (c *config) get() string {
	c.once.Do(func() {
		c.loads++
		c.value = "loaded"
	})
	return c.value
}

func main() {
	var c config
	fmt.Println(c.get(), c.get(), c.loads)
	answer := sync.OnceValue(func() int {
		fmt.Println("computing")
		return 42
	})
	fmt.Println(answer(), answer())
	sync.OnceFunc(func() { fmt.Println("once") })()
}
