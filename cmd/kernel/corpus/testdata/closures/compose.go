package main

import (
	"fmt"
	"strings"
)

type mapper func(string) string

func chain(fs ...mapper) mapper {
	return func(s string) string {
		for _, f := range fs {
			s = f(s)
		}
		return s
	}
}

func apply[T, U any](list []T, f func(T) U) []U {
	var out []U
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

func main() {
	shout := chain(strings.ToUpper, strings.TrimSpace, func(s string) string { return s + "!" })
	fmt.Println(shout("  hey "))
	fmt.Println(apply([]string{"a", "bb"}, func(s string) int { return len(s) }))
}
