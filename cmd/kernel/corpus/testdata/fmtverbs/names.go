package main

import (
	"fmt"
)

type point struct{ X, Y int }
type color int
type nested struct {
	P   point
	All []point
	s   string
	E   error
	A   any
	M   map[string]color
}

func main() {
	fmt.Printf("%#v %#v %#v %#v\n", 1, "s", []int{1}, map[string]int{"a": 1})
	fmt.Printf("%#v\n", point{1, 2})
	fmt.Printf("%#v\n", &point{1, 2})
	fmt.Printf("%#v %#v\n", color(2), []color{1})
	fmt.Printf("%#v\n", map[string]point{"a": {1, 2}})
	fmt.Printf("%#v\n", nested{point{1, 2}, []point{{3, 4}}, "x", nil, 5, nil})
	var v any = point{5, 6}
	fmt.Printf("%#v\n", v)
	fmt.Printf("%#v %#v\n", []any{point{1, 1}, color(1), nil, "x"}, struct{ A point }{})
	fmt.Printf("%#v %#v %#v\n", (*point)(nil), []point(nil), [2]color{})
}
