package main

import (
	"flag"
	"fmt"
	"strings"
)

type key int
type act func()

var byKey = func(k key) key { return k + 1 }
var two = func(a, b int) string { return fmt.Sprint(a + b) }
var bytesOf = func(b byte, r rune) bool { return b > 0 && r > 0 }
var action act = func() { fmt.Println("act") }
var variadic = func(list ...int) int { return len(list) }
var slicing = func(s []int) int { return len(s) }
var many = func(a, b, c int) (int, string) { return a + b + c, "x" }

func show() {
	fmt.Println(byKey(1), two(1, 2), bytesOf(1, 2), variadic(1, 2), slicing([]int{1}))
	fmt.Println(many(1, 2, 3))
	action()
	defer action()
	done := make(chan bool)
	go func() { action(); done <- true }()
	<-done
	flag.Usage()
}

func main() {
	flag.Usage = func() { fmt.Println("usage") }
	show()
	flag.Usage = func() { fmt.Println("usage 2") }
	byKey = func(k key) key { return k + 10 }
	two = func(a, b int) string { return "two" }
	bytesOf = func(b byte, r rune) bool { return false }
	action = func() { fmt.Println("act 2") }
	variadic = func(list ...int) int { return -len(list) }
	slicing = func(s []int) int { return -len(s) }
	many = func(a, b, c int) (int, string) { return a, "y" }
	show()
	up := strings.ToUpper
	for i := 0; i < 2; i++ {
		fmt.Println(up("a"))
		up = strings.ToLower
	}
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(10))
	none := func() {}
	name := "x"
	if true {
		n := 1
		for i := range 2 {
			m := i
			func() {
				k := m
				if k >= n-1 {
					j := k
					none()
					defer none()
					func() { q := j; none(); _ = q; name += "y" }()
				}
			}()
			none = func() { name += "z" }
		}
	}
	fmt.Println(name)
}
