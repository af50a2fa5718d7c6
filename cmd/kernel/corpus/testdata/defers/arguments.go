package main

import "fmt"

func trace(s string) string {
	fmt.Println("enter", s)
	return s
}

func leave(s string) { fmt.Println("leave", s) }

func a() {
	defer leave(trace("a"))
	x := 1
	defer fmt.Println("x was", x)
	x = 2
	defer func(n int) { fmt.Println("n", n, "x", x) }(x)
	x = 3
}

func main() { a() }
