package main

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
)

type Number interface{ ~int | ~int64 | ~float64 }
type myInt int

func (m myInt) String() string { return fmt.Sprintf("my%d", int(m)) }
func Map[T, U any](all []T, f func(T) U) []U {
	out := make([]U, 0, len(all))
	for _, v := range all {
		out = append(out, f(v))
	}
	return out
}
func Filter[S ~[]E, E any](all S, f func(E) bool) (out S) {
	for _, v := range all {
		if f(v) {
			out = append(out, v)
		}
	}
	return
}
func Sum[T Number](all []T) (total T) {
	for _, v := range all {
		total += v
	}
	return
}
func Max[T cmp.Ordered](a, b T) T {
	if a > b {
		return a
	}
	return b
}
func Reduce[T, A any](all []T, acc A, f func(A, T) A) A {
	for _, v := range all {
		acc = f(acc, v)
	}
	return acc
}
func Keys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0)
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (v T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	v = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) Swap() string { return fmt.Sprint(p.Val, p.Key) }

type List[T any] struct {
	head, tail *elem[T]
	n          int
}
type elem[T any] struct {
	v    T
	next *elem[T]
}

func (l *List[T]) Add(v T) *List[T] {
	e := &elem[T]{v: v}
	if l.tail == nil {
		l.head = e
	} else {
		l.tail.next = e
	}
	l.tail = e
	l.n++
	return l
}
func (l *List[T]) Len() int { return l.n }
func (l *List[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for e := l.head; e != nil; e = e.next {
			if !yield(e.v) {
				return
			}
		}
	}
}

type Opt[T any] struct {
	v  T
	ok bool
}

func Some[T any](v T) Opt[T] { return Opt[T]{v, true} }
func (o Opt[T]) Or(d T) T {
	if o.ok {
		return o.v
	}
	return d
}
func Zero[T any]() T    { var z T; return z }
func Ptr[T any](v T) *T { return &v }

type Tree[T any] struct {
	root *tnode[T]
	cmp  func(a, b T) int
}
type tnode[T any] struct {
	v    T
	l, r *tnode[T]
}

func (t *Tree[T]) Insert(v T) {
	made := &tnode[T]{v: v}
	if t.root == nil {
		t.root = made
		return
	}
	for at := t.root; ; {
		switch {
		case t.cmp(v, at.v) < 0 && at.l == nil:
			at.l = made
			return
		case t.cmp(v, at.v) < 0:
			at = at.l
		case at.r == nil:
			at.r = made
			return
		default:
			at = at.r
		}
	}
}
func (t *Tree[T]) Walk(f func(T)) { t.root.walk(f) }
func (n *tnode[T]) walk(f func(T)) {
	if n == nil {
		return
	}
	n.l.walk(f)
	f(n.v)
	n.r.walk(f)
}

func main() {
	fmt.Println(Map([]int{1, 2}, func(n int) string { return fmt.Sprint(n * 2) }), Filter([]string{"a", "bb"}, func(s string) bool { return len(s) > 1 }))
	fmt.Println(Sum([]float64{1, 2.5}), Sum([]myInt{1, 2}), Max(3, 4), Max("a", "b"))
	s := &Stack[string]{}
	s.Push("x")
	s.Push("y")
	v, ok := s.Pop()
	fmt.Println(v, ok, len(s.items))
	p := Pair[string, int]{"a", 1}
	fmt.Printf("%v %+v %v\n", p, p, p.Swap())
	fmt.Println(Keys(map[string]int{"b": 1, "a": 2}))
	var l List[int]
	l.Add(1).Add(2)
	for v := range l.All() {
		fmt.Print(v, " ")
	}
	fmt.Println(l.Len())
	fmt.Println(Reduce([]int{1, 2, 3}, "", func(acc string, n int) string { return acc + fmt.Sprint(n) }))
	var o Opt[int]
	fmt.Println(o.Or(5), Some(3).Or(5), Zero[string]() == "", *Ptr(7))
	t := Tree[string]{cmp: strings.Compare}
	for _, w := range []string{"m", "c", "x"} {
		t.Insert(w)
	}
	t.Walk(func(s string) { fmt.Print(s, " ") })
	fmt.Println()
}
