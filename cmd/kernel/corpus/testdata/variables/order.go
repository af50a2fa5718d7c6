package main

import "fmt"

var (
	a = b + 1
	b = f()
	c = "c"
)

func f() int {
	return len(c) + 40
}

func main() {
	fmt.Println(a, b, c)
}
