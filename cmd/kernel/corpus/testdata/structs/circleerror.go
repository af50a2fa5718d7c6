package main

import (
	"errors"
	"fmt"
)

type node struct {
	next *node
	text string
}

func first(n *node) (*node, error) {
	if n == nil {
		return nil, errors.New("the list is empty")
	}
	return n, nil
}

func main() {
	fmt.Println(first(nil))
	n, err := first(&node{text: "a"})
	fmt.Println(n.text, err)
}
