package main

import "fmt"

type List[T any] struct {
	head *node[T]
	size int
}

type node[T any] struct {
	value T
	next  *node[T]
}

func (l *List[T]) Add(v T) *List[T] {
	l.head = &node[T]{v, l.head}
	l.size++
	return l
}

func (l *List[T]) Each(f func(T)) {
	for n := l.head; n != nil; n = n.next {
		f(n.value)
	}
}

func main() {
	l := new(List[string])
	l.Add("a").Add("b").Each(func(s string) { fmt.Print(s, " ") })
	var m List[float64]
	m.Add(1.5)
	fmt.Println(l.size, m.head.value, m.head.next == nil)
}
