package main

import (
	"fmt"
	"iter"
)

type ring struct {
	data []int
}

func (r *ring) All() iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i, v := range r.data {
			if !yield(i, v) {
				return
			}
		}
	}
}

func (r *ring) Backward() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := len(r.data) - 1; i >= 0; i-- {
			if !yield(r.data[i]) {
				return
			}
		}
	}
}

func main() {
	r := &ring{[]int{4, 5, 6}}
	sum := 0
	for i, v := range r.All() {
		sum += i * v
	}
	for v := range r.Backward() {
		fmt.Print(v, " ")
	}
	fmt.Println(sum)
}
