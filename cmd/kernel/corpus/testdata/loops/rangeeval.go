package main

import "fmt"

func list() []int {
	fmt.Println("list called")
	return []int{1, 2, 3}
}

func main() {
	for i := range list() {
		fmt.Print(i, " ")
	}
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a = [3]int{}
		fmt.Print(i, v, " ")
	}
	var p struct{ i, v int }
	for p.i, p.v = range []int{5, 6} {
	}
	fmt.Println(p)
	s := make([]int, 3)
	i := 0
	for i, s[i] = range []int{2, 0, 1} {
	}
	fmt.Println(i, s)
}
