package main

import "fmt"

type HandlerFunc func(string) string

func (f HandlerFunc) Handle(s string) string { return f(s) }

type Handler interface{ Handle(string) string }

func wrap(h Handler) Handler {
	return HandlerFunc(func(s string) string { return "[" + h.Handle(s) + "]" })
}

func main() {
	var h Handler = HandlerFunc(func(s string) string { return s + s })
	fmt.Println(wrap(wrap(h)).Handle("x"))
}
