package main

import "fmt"

func three(yield func(int) bool) {
	_ = yield(1) && yield(2) && yield(3)
}

func work() (n int, err error) {
	for v := range three {
		defer fmt.Println("deferred in loop", v)
		if v == 2 {
			return v, fmt.Errorf("at %d", v)
		}
		n += v
	}
	return n, nil
}

func main() {
	fmt.Println(work())
	var fs []func() int
	for v := range three {
		fs = append(fs, func() int { v *= 10; return v })
	}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	fmt.Println()
}
