package main

import (
	"fmt"
	"sort"
)

type Set[T comparable] map[T]struct{}

func NewSet[T comparable](values ...T) Set[T] {
	s := make(Set[T])
	for _, v := range values {
		s.Add(v)
	}
	return s
}

func (s Set[T]) Add(v T)      { s[v] = struct{}{} }
func (s Set[T]) Has(v T) bool { _, ok := s[v]; return ok }
func (s Set[T]) Union(o Set[T]) Set[T] {
	u := NewSet[T]()
	for v := range s {
		u.Add(v)
	}
	for v := range o {
		u.Add(v)
	}
	return u
}

func main() {
	a, b := NewSet(1, 2), NewSet(2, 3)
	u := a.Union(b)
	var keys []int
	for k := range u {
		keys = append(keys, k)
	}
	sort.Ints(keys)
	fmt.Println(keys, u.Has(3), a.Has(3), len(NewSet("x")))
}
