package main

import (
	"fmt"
	"sort"
)

type person struct {
	name string
	age  int
}

type byAge []person

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	people := []person{{"ann", 30}, {"bob", 20}, {"eve", 25}}
	sort.Sort(byAge(people))
	fmt.Println(people)
	sort.Sort(sort.Reverse(byAge(people)))
	fmt.Println(people[0].name)
	sort.SliceStable(people, func(i, j int) bool { return people[i].name < people[j].name })
	fmt.Println(people)
	n := []int{5, 2, 8}
	sort.Ints(n)
	fmt.Println(n, sort.SearchInts(n, 5), sort.IntsAreSorted(n))
	fmt.Println(sort.Search(100, func(i int) bool { return i*i >= 50 }))
}
