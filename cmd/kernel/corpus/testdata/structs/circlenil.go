package main

import "fmt"

type node struct {
	children []func(*node)
	next     []*node
	f        func(*node) *node
	p        *node
	mm       map[*node]bool
	nn       [][]*node
	m        map[string]*node
	c        chan *node
}

func tryChildren(n *node) {
	n.children = nil
	fmt.Println(n.children == nil)
	n.children = append(n.children, func(*node) {}, nil)
	fmt.Println(len(n.children), n.children[1] == nil)
	n.children[0](nil)
	local := []func(*node){nil}
	n.children = local
	fmt.Println(len(n.children))
	for _, f := range n.children {
		fmt.Println(f == nil)
	}
}

func tryNext(n *node) {
	n.next = nil
	fmt.Println(n.next == nil)
	n.next = append(n.next, nil, n)
	n.next = []*node{nil, n}
	fmt.Println(len(n.next), n.next[0] == nil, n.next[1] == n)
	local := []*node{nil}
	local = append(local, nil)
	n.next = local
	fmt.Println(len(n.next))
	for _, x := range n.next {
		fmt.Println(x == nil)
	}
}

func tryF(n *node) {
	n.f = nil
	fmt.Println(n.f == nil)
	n.f = func(x *node) *node { return nil }
	fmt.Println(n.f(nil) == nil, n.f(n) == nil)
	n.f = func(x *node) *node { return x }
	fmt.Println(n.f(nil) == nil, n.f(n) == n)
}

func tryP(n *node) {
	n.p = nil
	fmt.Println(n.p == nil)
	n.p = n
	fmt.Println(n.p.p.p == n)
	var q *node = nil
	n.p = q
	fmt.Println(n.p == nil, n.p == q)
}

func tryMm(n *node) {
	n.mm = nil
	fmt.Println(n.mm == nil)
	n.mm = map[*node]bool{n: true}
	fmt.Println(len(n.mm), n.mm[n])
}

func tryNn(n *node) {
	n.nn = nil
	fmt.Println(n.nn == nil)
	n.nn = [][]*node{nil, {nil, n}}
	fmt.Println(len(n.nn), len(n.nn[1]), n.nn[1][0] == nil)
}

func tryM(n *node) {
	n.m = nil
	fmt.Println(n.m == nil)
	n.m = map[string]*node{"a": nil}
	n.m["b"] = n
	fmt.Println(len(n.m), n.m["a"] == nil, n.m["b"] == n)
	x, ok := n.m["z"]
	fmt.Println(x == nil, ok)
}

func tryC(n *node) {
	n.c = nil
	fmt.Println(n.c == nil)
	n.c = make(chan *node, 3)
	n.c <- nil
	n.c <- n
	fmt.Println(<-n.c == nil, <-n.c == n)
}

func main() {
	n := &node{}
	fmt.Printf("%v %+v %#v\n", *n, *n, *n)
	tryChildren(n)
	tryNext(n)
	tryF(n)
	tryP(n)
	tryMm(n)
	tryNn(n)
	tryM(n)
	tryC(n)
}
