package main

import (
	"errors"
	"fmt"
	"runtime"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

type problem struct{ code int }

func (p problem) Error() string { return fmt.Sprint("problem ", p.code) }

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	bodies := []struct {
		name string
		body func(yield coro.Yield) error
	}{
		{"text", func(yield coro.Yield) error { panic("oh no") }},
		{"error", func(yield coro.Yield) error { panic(problem{7}) }},
		{"nil map", func(yield coro.Yield) error { var m map[string]int; m["a"] = 1; return nil }},
		{"nil pointer", func(yield coro.Yield) error { var p *problem; p.code = 1; return nil }},
		{"make", func(yield coro.Yield) error { n := -1; _ = make([]int, n); return nil }},
		{"division", func(yield coro.Yield) error { n := 0; fmt.Println(1 / n); return nil }},
		{"closed", func(yield coro.Yield) error { c := make(chan int); close(c); close(c); return nil }},
		{"assertion", func(yield coro.Yield) error { var v any = 1; fmt.Println(v.(string)); return nil }},
	}
	for _, b := range bodies {
		err := task.Main(l, func(yield coro.Yield) error {
			defer fmt.Println("deferred")
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Go(b.body)
				return nil
			})
		})
		var p *coro.PanicError
		if !errors.As(err, &p) {
			fmt.Println(b.name, "no panic:", err)
			continue
		}
		_, isRuntime := p.Value.(runtime.Error)
		var own problem
		fmt.Println(b.name, "|", p.Value, "|", isRuntime, errors.As(err, &own), own.code)
	}
}
