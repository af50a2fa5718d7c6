package main

import "fmt"

type node struct{ v int }

func set(p *int) { *p = 9 }

func fresh() *int {
	n := 5
	return &n
}

func main() {
	n := 1
	p := &n
	*p += 4
	set(p)
	q := fresh()
	s := []int{1, 2, 3}
	r := &s[1]
	*r = 20
	t := &node{3}
	v := &t.v
	*v++
	pp := &p
	**pp = 7
	fmt.Println(n, *q, s, *t, p == *pp, q == fresh())
	var none *node
	fmt.Println(none == nil, none)
}
