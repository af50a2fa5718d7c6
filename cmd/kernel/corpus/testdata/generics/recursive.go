package main

import "fmt"

func Permute[T any](s []T) [][]T {
	if len(s) < 2 {
		return [][]T{append([]T(nil), s...)}
	}
	var out [][]T
	for i := range s {
		rest := append(append([]T(nil), s[:i]...), s[i+1:]...)
		for _, p := range Permute(rest) {
			out = append(out, append([]T{s[i]}, p...))
		}
	}
	return out
}

func Keys[M ~map[K]V, K comparable, V any](m M) int { return len(m) }

type ages map[string]int

func main() {
	fmt.Println(Permute([]int{1, 2, 3}))
	fmt.Println(len(Permute([]string{"a", "b", "c", "d"})), Keys(ages{"a": 1}))
}
