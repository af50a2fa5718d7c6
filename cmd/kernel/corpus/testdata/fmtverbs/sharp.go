package main

import "fmt"

type color int
type pair struct {
	K string
	V any
}

func main() {
	fmt.Printf("%#v %#v %#v %#v\n", 1, "s", 2.0, []int{1})
	fmt.Printf("%#v %#v\n", color(3), pair{"a", color(1)})
	fmt.Printf("%#v %#v %#v\n", map[string]int{"a": 1}, []string(nil), struct{ n int }{4})
	fmt.Printf("%#v %#v\n", []pair{{"x", nil}}, [2]bool{true})
}
