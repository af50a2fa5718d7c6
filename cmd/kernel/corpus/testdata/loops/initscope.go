package main

import "fmt"

func next(n *int) int { *n++; return *n }

func main() {
	n := 0
	if a := next(&n); a > 5 {
		fmt.Println("big", a)
	} else if b := next(&n); a+b > 2 {
		fmt.Println("sum", a, b)
	} else {
		fmt.Println("else", a, b)
	}
	for i := next(&n); i < 6; i = next(&n) {
		i++
		fmt.Print(i, " ")
	}
	fmt.Println(n)
}
