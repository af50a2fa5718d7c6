package main

import "fmt"

func change(s []int) { s[0] = 99 }

func grow(s []int) { _ = append(s, 1) }

func main() {
	a := []int{1, 2, 3, 4}
	b := a[1:3]
	b[0] = 20
	b = append(b, 40)
	fmt.Println(a, b, len(b), cap(b))
	c := a[1:2:2]
	c = append(c, 7)
	fmt.Println(a, c)
	change(a)
	grow(a)
	fmt.Println(a)
}
