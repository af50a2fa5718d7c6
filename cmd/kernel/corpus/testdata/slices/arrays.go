package main

import "fmt"

func double(a [3]int) [3]int {
	for i := range a {
		a[i] *= 2
	}
	return a
}

func main() {
	a := [3]int{1, 2, 3}
	b := double(a)
	p := &a
	p[0] = 10
	for i, v := range p {
		fmt.Print(i, "=", v, " ")
	}
	fmt.Println(a, b, a == [3]int{10, 2, 3}, len(p))
	for i, v := range a {
		a[2] = 100
		fmt.Print(i, v, ";")
	}
	fmt.Println()
	s := a[:]
	q := [3]int(s)
	s[0] = 0
	fmt.Println(q, a)
}
