package main

import "fmt"

type node struct {
	next *node
	text string
}

func parse(words []string) (*node, bool) {
	if len(words) == 0 {
		return nil, true
	}
	rest, ok := parse(words[1:])
	if words[0] == "" {
		return rest, false
	}
	return &node{rest, words[0]}, ok
}

func name(n *node) (string, *node, error) {
	if n == nil {
		return "none", nil, nil
	}
	return n.text, n.next, nil
}

func main() {
	n, ok := parse([]string{"a", "", "b"})
	fmt.Println(n.text, n.next.text, n.next.next == nil, ok)
	find := func(text string) (*node, string, bool) {
		for at := n; at != nil; at = at.next {
			if at.text == text {
				return at, "found", true
			}
		}
		return nil, "lost", false
	}
	_, says, ok := find("b")
	fmt.Println(says, ok)
	_, says, ok = find("c")
	fmt.Println(says, ok)
	for n != nil {
		var text string
		text, n, _ = name(n)
		fmt.Println(text)
	}
	fmt.Println(name(nil))
}
