package main

import "fmt"

func Map[T, U any](s []T, f func(T) U) []U {
	out := make([]U, 0, len(s))
	for _, v := range s {
		out = append(out, f(v))
	}
	return out
}

func Filter[T any](s []T, keep func(T) bool) (out []T) {
	for _, v := range s {
		if keep(v) {
			out = append(out, v)
		}
	}
	return
}

func Reduce[T, A any](s []T, a A, f func(A, T) A) A {
	for _, v := range s {
		a = f(a, v)
	}
	return a
}

func main() {
	n := []int{1, 2, 3, 4}
	even := Filter(n, func(v int) bool { return v%2 == 0 })
	words := Map(even, func(v int) string { return fmt.Sprint("n", v) })
	fmt.Println(even, words, Reduce(n, "", func(a string, v int) string { return a + fmt.Sprint(v) }))
	f := Map[string, int]
	fmt.Println(f([]string{"a", "bb"}, func(s string) int { return len(s) }))
}
