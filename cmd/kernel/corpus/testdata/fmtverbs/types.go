package main

import (
	"errors"
	"fmt"
	"time"
)

type T struct{}
type list []int
type fn func(int) string
type iface interface{ M() }

func main() {
	var i iface
	fmt.Printf("%T %T %T %T %T\n", 1, "s", 1.5, true, nil)
	fmt.Printf("%T %T %T\n", []int{}, map[string]bool{}, make(chan int))
	fmt.Printf("%T %T %T %T\n", T{}, &T{}, list{}, fn(nil))
	fmt.Printf("%T %T %T\n", errors.New("x"), time.Second, func(a int) error { return nil })
	fmt.Printf("%T %v %T %T\n", i, i, struct{ A int }{1}, [3]T{})
	fmt.Printf("%T\n", []any{1, T{}})
}
