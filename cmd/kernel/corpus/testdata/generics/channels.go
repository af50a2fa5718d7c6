package main

import "fmt"

func Merge[T any](chans ...<-chan T) []T {
	var out []T
	for _, c := range chans {
		for v := range c {
			out = append(out, v)
		}
	}
	return out
}

func Gen[T any](values ...T) <-chan T {
	c := make(chan T)
	go func() {
		defer close(c)
		for _, v := range values {
			c <- v
		}
	}()
	return c
}

type Event[T any] struct{ handlers []func(T) }

func (e *Event[T]) On(h func(T)) { e.handlers = append(e.handlers, h) }

func (e *Event[T]) Fire(v T) {
	for _, h := range e.handlers {
		h(v)
	}
}

func main() {
	fmt.Println(Merge(Gen(1, 2), Gen(3)), Merge(Gen("a")))
	var e Event[string]
	e.On(func(s string) { fmt.Println("got", s) })
	e.Fire("x")
}
