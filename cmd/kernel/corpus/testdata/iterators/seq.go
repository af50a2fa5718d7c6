package main

import (
	"fmt"
	"iter"
)

func Count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}

func main() {
	for v := range Count(3) {
		fmt.Print(v, " ")
	}
	fmt.Println()
	for v := range Count(10) {
		if v == 2 {
			break
		}
	}
}
