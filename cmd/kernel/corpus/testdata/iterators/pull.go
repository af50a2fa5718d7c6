package main

import (
	"fmt"
	"iter"
)

func letters(yield func(string) bool) {
	defer fmt.Println("cleaned up")
	for _, s := range []string{"a", "b", "c"} {
		if !yield(s) {
			return
		}
	}
}

func main() {
	next, stop := iter.Pull(letters)
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
}
