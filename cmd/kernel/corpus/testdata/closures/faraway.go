package main

import "fmt"

func five(blocks func()) {
	for i := 0; i < 3; i++ {
		f := func() {
			if i == 1 {
				blocks()
			}
		}
		f()
	}
}

type named func()

func main() {
	five(func() { fmt.Println("x") })
	var n named = func() { fmt.Println("named") }
	for i := 0; i < 2; i++ {
		if i > 0 {
			j := i
			func() {
				k := j
				if k > 0 {
					n()
				}
			}()
		}
	}
}
