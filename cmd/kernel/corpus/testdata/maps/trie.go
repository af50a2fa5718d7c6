package main

import "fmt"

type node struct {
	n    int
	kids map[string]*node
}

func main() {
	n := &node{kids: map[string]*node{}}
	n.kids["a"] = &node{n: 1}
	fmt.Println(n.kids["z"] == nil)
	x := n.kids["z"]
	fmt.Println(x == nil)
	if k, ok := n.kids["a"]; ok {
		fmt.Println(k.n)
	}
	if _, ok := n.kids["b"]; !ok {
		fmt.Println("none")
	}
	m := map[string]*node{}
	y, ok := m["q"]
	fmt.Println(y == nil, ok)
	y, ok = n.kids["q"]
	fmt.Println(y == nil, ok)
	for k, v := range n.kids {
		fmt.Println(k, v.n)
	}
	delete(n.kids, "a")
	fmt.Println(len(n.kids))
}
