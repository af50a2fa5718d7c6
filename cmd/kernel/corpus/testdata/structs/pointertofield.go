package main

import "fmt"

type node struct {
	value       int
	left, right *node
}

func insert(root **node, value int) {
	p := root
	for *p != nil {
		if value < (*p).value {
			p = &(*p).left
		} else {
			p = &(*p).right
		}
	}
	*p = &node{value: value}
}

func main() {
	var root *node
	for _, v := range []int{2, 1, 3} {
		insert(&root, v)
	}
	fmt.Println(root.value, root.left.value, root.right.value)
}
