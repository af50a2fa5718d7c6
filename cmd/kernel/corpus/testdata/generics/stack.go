package main

import (
	"errors"
	"fmt"
)

type Stack[T any] struct{ items []T }

var errEmpty = errors.New("empty")

func (s *Stack[T]) Push(v ...T) { s.items = append(s.items, v...) }

func (s *Stack[T]) Pop() (T, error) {
	var zero T
	if len(s.items) == 0 {
		return zero, errEmpty
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, nil
}

func (s Stack[T]) Len() int { return len(s.items) }

func main() {
	var s Stack[string]
	s.Push("a", "b")
	fmt.Println(s.Pop())
	fmt.Println(s.Len())
	n := &Stack[int]{}
	fmt.Println(n.Pop())
	p := Stack[*Stack[int]]{}
	p.Push(n)
	n.Push(5)
	top, _ := p.Pop()
	fmt.Println(top.Len())
}
