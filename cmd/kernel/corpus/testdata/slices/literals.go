package main

import "fmt"

type point struct{ x, y int }

func main() {
	a := [...]string{2: "c", 0: "a"}
	b := []int{5: 1, 2, 0: 9}
	c := []point{{1, 2}, {y: 3}}
	d := []*point{{1, 2}, nil}
	e := map[point]string{{1, 1}: "one"}
	f := [][]int{{1}, {2, 3}, nil}
	fmt.Println(len(a), b, c, *d[0], d[1] == nil, e[point{1, 1}], f, len(f[2]))
}
