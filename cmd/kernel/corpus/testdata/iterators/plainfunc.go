package main

import "fmt"

func pairs(s []string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i, v := range s {
			if !yield(i*10, v) {
				return
			}
		}
	}
}

func find(s []string, want string) (int, bool) {
	for i, v := range pairs(s) {
		if v == want {
			return i, true
		}
	}
	return 0, false
}

func main() {
	fmt.Println(find([]string{"a", "b", "c"}, "b"))
	fmt.Println(find(nil, "x"))
outer:
	for i := range pairs([]string{"x", "y"}) {
		for _, w := range pairs([]string{"p", "q"}) {
			if w == "q" {
				continue outer
			}
			fmt.Println(i, w)
		}
	}
	for range func(yield func() bool) { _ = yield() && yield() } {
		fmt.Println("tick")
	}
}
