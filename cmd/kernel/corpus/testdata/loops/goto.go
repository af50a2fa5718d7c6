package main

import "fmt"

func find(list []int, want int) int {
	i := 0
next:
	if i >= len(list) {
		goto missing
	}
	if list[i] == want {
		return i
	}
	i++
	goto next
missing:
	return -1
}

func main() {
	fmt.Println(find([]int{4, 5, 6}, 6), find(nil, 1))
	n := 0
again:
	n++
	if n < 3 {
		goto again
	}
	fmt.Println(n)
}
