package main

import (
	"fmt"
	"runtime"
	"strings"
)

func try(name string, f func()) {
	defer func() {
		r := recover()
		err, ok := r.(runtime.Error)
		fmt.Println(name, ok)
		if ok {
			text, _, _ := strings.Cut(err.Error(), " [") // which index it was
			fmt.Println(text)
		}
	}()
	f()
}

func main() {
	s, zero := []int{1, 2, 3}, 0
	i := 5
	var m map[string]int
	var p *struct{ n int }
	var v any = "text"
	try("index", func() { fmt.Println(s[i]) })
	try("slice", func() { fmt.Println(s[i:]) })
	try("divide", func() { fmt.Println(1 / zero) })
	try("map", func() { m["a"]++ })
	try("nil", func() { fmt.Println(p.n) })
	try("assert", func() { fmt.Println(v.(int)) })
}
