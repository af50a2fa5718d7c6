package main

import "fmt"

func v(n int) int {
	fmt.Print(n, " ")
	return n
}

func pair() (int, int) { return 1, 2 }

func add(a, b int) int { return a + b }

func main() {
	a := []int{v(1), v(2), v(3)}
	a[v(0)], a[v(1)] = v(10), v(20)
	m := map[int]int{v(4): v(5)}
	fmt.Println(a, m, add(pair()))
	_ = v(1) == 2 && v(2) == 2 || v(3) == 3
	fmt.Println()
	i := 0
	i, a[i] = 2, 99
	fmt.Println(i, a)
}
