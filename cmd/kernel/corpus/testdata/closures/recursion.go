package main

import "fmt"

func main() {
	var fib func(int) int
	memo := map[int]int{}
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		if v, ok := memo[n]; ok {
			return v
		}
		memo[n] = fib(n-1) + fib(n-2)
		return memo[n]
	}
	fmt.Println(fib(50))
	fact := func() func(int) int {
		var f func(int) int
		f = func(n int) int {
			if n == 0 {
				return 1
			}
			return n * f(n-1)
		}
		return f
	}()
	fmt.Println(fact(10))
}
