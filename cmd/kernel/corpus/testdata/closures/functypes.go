package main

import (
	"fmt"
	"strings"
)

type handler interface{ handle(string) string }
type handlerFunc func(string) string

func (f handlerFunc) handle(s string) string { return f(s) }

type middleware func(handler) handler

func upper(h handler) handler {
	return handlerFunc(func(s string) string { return strings.ToUpper(h.handle(s)) })
}
func twice(h handler) handler {
	return handlerFunc(func(s string) string { return h.handle(h.handle(s)) })
}
func chain(h handler, all ...middleware) handler {
	for _, m := range all {
		h = m(h)
	}
	return h
}

type binop func(a, b int) int

func (f binop) flip() binop { return func(a, b int) int { return f(b, a) } }

type predicate[T any] func(T) bool

func (p predicate[T]) not() predicate[T]               { return func(v T) bool { return !p(v) } }
func (p predicate[T]) and(q predicate[T]) predicate[T] { return func(v T) bool { return p(v) && q(v) } }

func main() {
	var h handler = handlerFunc(func(s string) string { return "<" + s + ">" })
	fmt.Println(h.handle("x"))
	h = chain(h, upper, twice)
	fmt.Println(h.handle("y"))
	var op binop = func(a, b int) int { return a - b }
	fmt.Println(op.flip()(1, 5), op(1, 5))
	fmt.Printf("%T %T\n", op, h)
	var p predicate[int] = func(n int) bool { return n > 2 }
	fmt.Println(p.not()(1), p.and(func(n int) bool { return n < 5 })(3))
}
