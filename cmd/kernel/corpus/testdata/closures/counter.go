package main

import "fmt"

func counter() (func() int, func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 0 }
}

func main() {
	next, reset := counter()
	other, _ := counter()
	fmt.Println(next(), next(), other())
	reset()
	fmt.Println(next(), other())
}
