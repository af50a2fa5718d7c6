package main

import "fmt"

func main() {
	x := 1
	f := func() { x *= 2 }
	f()
	f()
	g := func(x int) int { return x + 1 }
	fmt.Println(x, g(x))
	func() {
		x := "inner"
		fmt.Println(x)
	}()
	y := func(a, b int) int { return a*b + x }(3, 4)
	fmt.Println(y)
	if h := func() bool { return y > 10 }; h() {
		fmt.Println("big")
	}
}
