package main

import (
	"fmt"
	"sort"
)

type plugin interface{ run(int) int }

type add int
type mul struct{ by int }

func (a add) run(n int) int  { return n + int(a) }
func (m *mul) run(n int) int { return n * m.by }

func main() {
	plugins := map[string]plugin{"add": add(3), "mul": &mul{4}}
	var names []string
	for name := range plugins {
		names = append(names, name)
	}
	sort.Strings(names)
	n := 1
	for _, name := range names {
		n = plugins[name].run(n)
		fmt.Println(name, n)
	}
}
