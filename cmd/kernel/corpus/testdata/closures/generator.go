package main

import "fmt"

func gen(from, to int) func() (int, bool) {
	return func() (int, bool) {
		if from >= to {
			return 0, false
		}
		from++
		return from - 1, true
	}
}

func main() {
	next := gen(2, 5)
	for v, ok := next(); ok; v, ok = next() {
		fmt.Print(v, " ")
	}
	fmt.Println()
	sum, step := 0, 1
	adders := [3]func(){}
	for i := range adders {
		adders[i] = func() { sum += step * i }
	}
	for _, a := range adders {
		a()
		step *= 10
	}
	fmt.Println(sum)
}
