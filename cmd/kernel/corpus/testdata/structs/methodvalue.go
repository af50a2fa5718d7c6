package main

import "fmt"

type counter struct{ n int }

func (c counter) get() int { return c.n }

func (c *counter) inc() int {
	c.n++
	return c.n
}

func main() {
	c := counter{1}
	get := c.get
	inc := c.inc
	c.n = 10
	fmt.Println(get(), inc(), c.get())
	f := counter.get
	g := (*counter).inc
	fmt.Println(f(c), g(&c), f(c))
	fs := []func() int{c.get, c.inc, c.get}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
}
