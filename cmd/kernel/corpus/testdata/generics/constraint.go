package main

import "fmt"

type Number interface {
	~int | ~int64 | ~float64
}

type Meters float64

func Sum[T Number](values ...T) (sum T) {
	for _, v := range values {
		sum += v
	}
	return sum
}

func Max[T Number](a, b T) T {
	if a > b {
		return a
	}
	return b
}

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[Meters](1, 2.5), Max(int64(3), 4))
	fmt.Println(Sum[int]())
}
