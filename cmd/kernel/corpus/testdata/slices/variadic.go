package main

import "fmt"

func sum(prefix string, nums ...int) (total int) {
	fmt.Println(prefix, nums, len(nums), nums == nil)
	for _, n := range nums {
		total += n
	}
	return
}

func main() {
	fmt.Println(sum("none"))
	fmt.Println(sum("some", 1, 2, 3))
	list := []int{4, 5}
	fmt.Println(sum("list", list...))
	var empty []int
	fmt.Println(sum("empty", empty...))
	fmt.Println(sum("made", []int{}...))
}
