package main

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
)

func tree(yield coro.Yield, depth int) (int, error) {
	defer fmt.Println("leaves", depth)
	if depth == 0 {
		v, err := yield("deep")
		if err != nil {
			return 0, fmt.Errorf("at the bottom: %w", err)
		}
		return v.(int), nil
	}
	n, err := tree(yield, depth-1)
	return n + 1, err
}

var errThrown = errors.New("thrown")

func main() {
	c := coro.New(func(yield coro.Yield) (any, error) { return tree(yield, 3) })
	fmt.Println(c.Send(nil))
	fmt.Println(c.Send(10))
	fmt.Println(c.Result())

	c = coro.New(func(yield coro.Yield) (any, error) { return tree(yield, 2) })
	c.Send(nil)
	fmt.Println(c.Throw(errThrown))
	_, err := c.Result()
	fmt.Println(err, errors.Is(err, errThrown))

	c = coro.New(func(yield coro.Yield) (v any, err error) {
		defer func() {
			if p := recover(); p != nil {
				v, err = "mended", nil
				fmt.Println("recovered", p)
			}
		}()
		yield(1)
		var seen map[string]bool
		seen["a"] = true
		return seen, nil
	})
	fmt.Println(c.Send(nil))
	fmt.Println(c.Send(nil))
	fmt.Println(c.Result())

	c = coro.New(func(yield coro.Yield) (any, error) {
		defer fmt.Println("closed")
		_, err := yield(nil)
		fmt.Println(errors.Is(err, coro.ErrClosed))
		return nil, err
	})
	c.Send(nil)
	c.Close()
	_, err = c.Result()
	fmt.Println(errors.Is(err, coro.ErrClosed))

	c = coro.New(func(yield coro.Yield) (any, error) { panic(fmt.Sprintf("%d", 42)) })
	c.Send(nil)
	_, err = c.Result()
	fmt.Println(err, len(coro.Panics(err)))
}
