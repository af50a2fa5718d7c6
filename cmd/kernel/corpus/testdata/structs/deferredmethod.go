package main

import "fmt"

type t struct{ n int }

func (v t) show()   { fmt.Println("value", v.n) }
func (v *t) point() { fmt.Println("pointer", v.n) }

func run() {
	v := t{1}
	defer v.show()
	defer v.point()
	v.n = 2
}

func main() {
	run()
}
