package main

import (
	"fmt"
)

type celsius float64
type name string
type point struct{ X, Y int }
type ok bool
type color int

func (c color) String() string { return [...]string{"red", "green", "blue"}[c] }

func main() {
	var list = []any{celsius(1.5), name("x"), point{1, 2}, &point{3, 4}, ok(true), color(2), []color{1}, map[name]color{"a": 1}}
	for _, v := range list {
		fmt.Printf("%T %v %+v %d\n", v, v, v, 1)
	}
	fmt.Println(list[0] == any(celsius(1.5)), list[0] == any(1.5), list[1] == any("x"))
	m := map[any]string{celsius(1): "c", 1.0: "f", name("a"): "n", "a": "s", point{1, 2}: "p"}
	fmt.Println(m[celsius(1)], m[1.0], m[name("a")], m["a"], m[point{1, 2}], m[struct{ X, Y int }{1, 2}] == "")
	for _, v := range list {
		switch x := v.(type) {
		case celsius:
			fmt.Println("celsius", x+1)
		case name:
			fmt.Println("name", x+"!")
		case *point:
			x.X++
			fmt.Println("pointer", x.X)
		case point:
			fmt.Println("point", x.Y)
		case fmt.Stringer:
			fmt.Println("stringer", x)
		case bool, ok:
			fmt.Println("bool", x)
		default:
			fmt.Printf("other %T\n", x)
		}
	}
}
