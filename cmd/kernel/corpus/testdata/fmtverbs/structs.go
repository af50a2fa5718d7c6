package main

import "fmt"

type Point struct{ X, Y int }

type shape struct {
	name   string
	center *Point
	tags   []string
	m      map[string]int
	any    any
}

func main() {
	p := Point{1, 2}
	fmt.Printf("%v %+v %#v %T\n", p, p, p, p)
	fmt.Printf("%v %+v %T\n", &p, &p, &p)
	s := shape{"s", nil, []string{"a"}, map[string]int{"k": 1}, 2.5}
	fmt.Printf("%v\n%+v\n", s, s)
	fmt.Printf("%#v\n", s)
}
