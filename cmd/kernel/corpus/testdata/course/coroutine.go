package main

import (
	"fmt"

	"stepwise/pkg/coro"
)

func main() {
	c := coro.New(func(yield coro.Yield) (any, error) {
		fmt.Println("begins")
		got, err := yield("first")
		fmt.Println("got", got, err)
		return "result", nil
	})
	fmt.Println(c.Send(nil))
	fmt.Println(c.Send("sent"))
}
