package main

import (
	"fmt"
	"strings"
)

type Shower interface{ Show() string }

type num int
type word struct{ s string }

func (n num) Show() string   { return fmt.Sprint("#", int(n)) }
func (w *word) Show() string { return "'" + w.s + "'" }

func Join[T Shower](list []T, sep string) string {
	var parts []string
	for _, v := range list {
		parts = append(parts, v.Show())
	}
	return strings.Join(parts, sep)
}

type Setter[T any] interface {
	*T
	Set(string)
}

func (w *word) Set(s string) { w.s = s }

func FromStrings[T any, P Setter[T]](list []string) []T {
	out := make([]T, len(list))
	for i, s := range list {
		P(&out[i]).Set(s)
	}
	return out
}

func main() {
	fmt.Println(Join([]num{1, 2}, ","), Join([]*word{{"a"}, {"b"}}, "+"))
	fmt.Println(FromStrings[word]([]string{"x", "y"}))
}
