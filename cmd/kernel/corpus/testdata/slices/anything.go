package main

import (
	"fmt"
)

type named []string

func sum(all ...int) (total int) {
	for _, n := range all {
		total += n
	}
	return
}
func show(name string, all ...any) { fmt.Println(name, len(all), all == nil, all) }
func mutate(all ...any)            { all[0] = "changed" }
func join(sep string, all ...string) (out string) {
	for i, s := range all {
		if i > 0 {
			out += sep
		}
		out += s
	}
	return
}
func apply(f func(...int) int, n ...int) int { return f(n...) }

func main() {
	fmt.Println(sum(), sum(1), sum(1, 2, 3), sum([]int{4, 5}...))
	show("a")
	show("b", 1, "x", nil, 2.5)
	show("c", []any{1, 2}...)
	show("d", []any{1, 2})
	args := []any{1, "z"}
	mutate(args...)
	fmt.Println(args)
	fmt.Println(join(",", named{"a", "b"}...))
	f := sum
	fmt.Println(f(1, 1), apply(sum, 1, 2))
	fmt.Println(append([]string{"x"}, named{"y"}...))
}
