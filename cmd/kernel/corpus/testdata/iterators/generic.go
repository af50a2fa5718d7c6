package main

import (
	"fmt"
	"iter"
	"slices"
)

func Filter[T any](seq iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range seq {
			if keep(v) && !yield(v) {
				return
			}
		}
	}
}

func Take[T any](seq iter.Seq[T], n int) iter.Seq[T] {
	return func(yield func(T) bool) {
		if n <= 0 {
			return
		}
		left := n
		for v := range seq {
			if !yield(v) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

func Naturals(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

func main() {
	even := Filter(Naturals, func(n int) bool { return n%2 == 0 })
	fmt.Println(slices.Collect(Take(even, 4)))
	for w := range Take(slices.Values([]string{"a", "b", "c"}), 2) {
		fmt.Println(w)
	}
}
