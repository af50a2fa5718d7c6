package main

import "fmt"

type item struct{ n int }

func main() {
	items := []item{{1}, {2}}
	for _, it := range items {
		it.n *= 10
	}
	fmt.Println(items)
	for i := range items {
		items[i].n *= 10
	}
	fmt.Println(items)
	s := []int{1, 2, 3}
	for i, v := range s {
		if i == 0 {
			s = append(s, 4)
			s[1] = 50
		}
		fmt.Print(v, " ")
	}
	fmt.Println(s)
}
