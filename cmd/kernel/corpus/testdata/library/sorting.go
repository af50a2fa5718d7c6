package main

import (
	"cmp"
	"container/heap"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

type person struct {
	name string
	age  int
}

func (p person) String() string { return fmt.Sprintf("%s(%d)", p.name, p.age) }

type byName []person

func (b byName) Len() int           { return len(b) }
func (b byName) Less(i, j int) bool { return b[i].name < b[j].name }
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any          { old := *h; n := len(old); x := old[n-1]; *h = old[:n-1]; return x }

func main() {
	people := []person{{"Al", 30}, {"Bo", 25}, {"Cy", 30}}
	sort.Slice(people, func(i, j int) bool { return people[i].age < people[j].age })
	fmt.Println(people[0].name, people)
	sort.SliceStable(people, func(i, j int) bool { return people[i].name > people[j].name })
	fmt.Println(people)
	slices.SortFunc(people, func(a, b person) int { return cmp.Or(cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name)) })
	fmt.Println(people)
	sort.Sort(byName(people))
	fmt.Println(people, sort.IsSorted(byName(people)))
	sort.Sort(sort.Reverse(byName(people)))
	fmt.Println(people[0])
	x := []int{3, 1, 2}
	sort.Ints(x)
	i, found := slices.BinarySearch(x, 2)
	fmt.Println(x, i, found, slices.Max(x), slices.Contains(x, 9), slices.Index(x, 3), sort.SearchInts(x, 2))
	m := map[string][]int{"b": {2}, "a": {1}}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Print(k, m[k], " ")
	}
	fmt.Println()
	fmt.Println(slices.Equal(x, []int{1, 2, 3}), slices.Compact([]int{1, 1, 2}), slices.Insert([]int{1, 4}, 1, 2, 3), slices.Delete([]int{1, 2, 3}, 0, 2), slices.Repeat([]string{"a"}, 2))
	for c := range slices.Chunk([]int{1, 2, 3}, 2) {
		fmt.Print(c)
	}
	fmt.Println(slices.IndexFunc(people, func(p person) bool { return p.age == 25 }))
	h := &intHeap{5, 2, 8}
	heap.Init(h)
	heap.Push(h, 1)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
}
