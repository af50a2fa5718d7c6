package main

import "fmt"

type node struct {
	value int
	next  *node
}

type list struct {
	head *node
	size int
}

func (l *list) push(v int) {
	l.head = &node{v, l.head}
	l.size++
}

func (l *list) reverse() {
	var prev *node
	for n := l.head; n != nil; {
		n.next, prev, n = prev, n, n.next
	}
	l.head = prev
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.next.sum()
}

func main() {
	var l list
	for i := 1; i <= 4; i++ {
		l.push(i)
	}
	l.reverse()
	for n := l.head; n != nil; n = n.next {
		fmt.Print(n.value, " ")
	}
	fmt.Println(l.size, l.head.sum())
}
