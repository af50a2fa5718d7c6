package main

import "fmt"

func process(names []string) {
	for _, n := range names {
		func() {
			fmt.Println("open", n)
			defer fmt.Println("close", n)
			if n == "b" {
				return
			}
			fmt.Println("use", n)
		}()
	}
}

func main() {
	process([]string{"a", "b"})
	for i := range 3 {
		defer func() { fmt.Println("main", i) }()
	}
}
