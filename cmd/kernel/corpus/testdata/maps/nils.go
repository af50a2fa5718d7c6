package main

import "fmt"

type T struct{ a int }

type I interface{ M() }

type node struct{ next *node }

func show[K comparable, V any](m map[K]V) { fmt.Println(len(m)) }

func main() {
	fmt.Println(len(map[string]*int{"a": nil}), len(map[string]error{"a": nil}), len(map[string]any{"a": nil}), len(map[string][]int{"a": nil}), len(map[string]func(){"a": nil}), len(map[string]I{"a": nil}), len(map[string]map[int]int{"a": nil}), len(map[string]chan int{"a": nil}), len(map[string]*node{"a": nil}))
	a := map[string]*int{}
	a["x"] = nil
	b := map[string]any{}
	b["x"] = nil
	c := map[string]I{}
	c["x"] = nil
	d := map[string][]int{}
	d["x"] = nil
	e := map[string]*node{}
	e["x"] = nil
	fmt.Println(len(a), len(b), len(c), len(d), len(e))
	f := map[*T]int{}
	f[nil] = 3
	f[nil]++
	v, ok := f[nil]
	fmt.Println(f[nil], v, ok, len(f))
	delete(f, nil)
	fmt.Println(len(f))
	g := map[any]int{nil: 4, 1: 2}
	g[nil]++
	w, ok := g[nil]
	fmt.Println(g[nil], w, ok, len(g), g[1])
	delete(g, nil)
	fmt.Println(len(g))
	h := map[I]string{}
	h[nil] = "none"
	fmt.Println(h[nil], len(h))
	i := map[*node]*node{nil: nil}
	x, ok := i[nil]
	fmt.Println(x == nil, ok, len(i))
	j := map[error]error{nil: nil}
	y, ok := j[nil]
	fmt.Println(y == nil, ok, len(j))
	k := map[chan int]int{nil: 1}
	fmt.Println(k[nil])
	type key struct{ p *int }
	l := map[key]int{{nil}: 1}
	fmt.Println(l[key{nil}], l[key{}])
	m := map[[1]*int]int{{nil}: 1}
	fmt.Println(m[[1]*int{nil}], m)
	show(map[*T]*T{nil: nil, {1}: {2}})
	n := []error{nil, nil}
	o := [2]any{nil}
	p := []*node{nil, {}}
	fmt.Println(len(n), n[0] == nil, o[0] == nil, p[0] == nil, p[1] == nil)
	var q any
	r := map[any]int{q: 1}
	fmt.Println(r[nil], r[q])
	s := map[string]any{"a": q}
	s["b"] = q
	fmt.Println(len(s))
	var err error
	t := map[error]int{err: 2}
	t[err]++
	fmt.Println(t[nil], len(t))
	var ii I
	u := map[I]I{ii: ii}
	_, ok = u[ii]
	fmt.Println(ok, len(u))
}
