package main

import (
	"fmt"
)

type A struct {
	N int
	S string
}
type B A
type C B
type D struct{ A A }
type E struct{}
type F struct{}
type weekdays []string
type grid [2][2]int

func (g grid) sum() (t int) {
	for _, r := range g {
		for _, v := range r {
			t += v
		}
	}
	return
}

type table map[string][]int

func (t table) add(k string, v int) { t[k] = append(t[k], v) }

type hook func(string) string

func (h hook) twice(s string) string { return h(h(s)) }

func main() {
	a := A{1, "x"}
	b := B(a)
	b.N++
	fmt.Println(a, b, A(b) == a)
	pb := (*B)(&a)
	pb.N = 10
	fmt.Println(a.N)
	s := []A{a}
	fmt.Println(s[0].S, C(a), D{A: a}.A.N)
	var x any = b
	_, isA := x.(A)
	_, isB := x.(B)
	fmt.Println(isA, isB)
	e := E{}
	var y any = e
	_, isF := y.(F)
	_, isE := y.(E)
	fmt.Println(isF, isE, e == E{}, F(e))
	ws := weekdays{"mo", "tu"}
	fmt.Println([]string(ws), len(ws), ws[1:], append(ws, "we"))
	g := grid{{1, 2}, {3, 4}}
	g[0][1] = 9
	fmt.Println(g, g.sum())
	mm := table{"a": {1}}
	mm.add("a", 2)
	mm.add("b", 3)
	fmt.Println(mm, len(mm["a"]))
	var h hook = func(s string) string { return s + "?" }
	fmt.Println(h("x"), h.twice("y"))
}
