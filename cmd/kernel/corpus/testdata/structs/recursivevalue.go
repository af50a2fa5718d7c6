package main

import "fmt"

type node struct {
	n    int
	next *node
}

func (t node) size(more ...int) int { return t.n + len(more) }

func (t *node) add(n int) *node {
	t.n += n
	return t
}

func (t *node) link(other *node) { t.next = other }

func main() {
	t := node{n: 1}
	size, add, link := t.size, t.add, t.link
	add(4)
	link(&node{n: 9})
	fmt.Println(size(), size(1, 2), size([]int{1, 2, 3}...), add(0).n, t.next.n)
	func() {
		defer t.next.add(1)
		defer fmt.Println("before", t.next.n)
	}()
	fmt.Println(t.next.n, t.next.next == nil)
	for _, f := range []func(int) *node{t.add, t.next.add, add} {
		fmt.Print(f(10).n, " ")
	}
	fmt.Println()
	done := make(chan bool)
	go func() {
		t.add(1)
		done <- true
	}()
	<-done
	fmt.Println(t.n)
}
