package main

import "fmt"

func main() {
	s := []int{3, 1, 2}
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
	clear(s)
	fmt.Println(s)
	m := map[string]int{"a": 1}
	clear(m)
	fmt.Println(m, len(m))
	a, b := 7, 4
	fmt.Println(max(a, b) - min(a, b))
}
