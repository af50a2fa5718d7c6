package main

import (
	"fmt"
)

type pair struct {
	n int
	s string
}

func takes(p pair) int { return p.n }

func main() {
	a, b := pair{1, "x"}, pair{1, "x"}
	fmt.Println(a == b, &a == &b, a != pair{2, "x"})
	m := map[pair]int{a: 1}
	m[b]++
	m[pair{2, "y"}] = 5
	fmt.Println(len(m), m[a])
	arr := [2]pair{a, {2, "z"}}
	brr := arr
	brr[0].n = 9
	fmt.Println(arr == brr, arr, brr)
	var i, j any = a, b
	fmt.Println(i == j, i == any(a))
	type inner struct {
		p pair
		q *pair
	}
	x := inner{a, &a}
	y := x
	y.q.n = 50
	y.p.n = 60
	fmt.Println(x.p, *x.q, x == y)
	z := struct {
		n int
		s string
	}{1, "x"}
	fmt.Println(pair(z) == b, z)
	var q pair = z
	fmt.Println(q)
	q = struct {
		n int
		s string
	}{3, "w"}
	fmt.Println(q, takes(z))
	z = q
	fmt.Println(z)
}
