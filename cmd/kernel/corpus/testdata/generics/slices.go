package main

import (
	"fmt"
	"slices"
)

type person struct {
	name string
	age  int
}

func main() {
	n := []int{3, 1, 2}
	slices.Sort(n)
	i, found := slices.BinarySearch(n, 2)
	fmt.Println(n, slices.Contains(n, 2), slices.Index(n, 3), slices.Max(n), i, found)
	people := []person{{"ann", 30}, {"bob", 20}}
	slices.SortFunc(people, func(a, b person) int { return a.age - b.age })
	fmt.Println(people, slices.IndexFunc(people, func(p person) bool { return p.name == "ann" }))
	c := slices.Clone(n)
	slices.Reverse(c)
	fmt.Println(n, c, slices.Equal(n, c), slices.Insert(c, 1, 9), slices.Delete([]int{1, 2, 3}, 0, 1), slices.Compact([]int{1, 1, 2}))
}
