package main

import "fmt"

func inner() {
	defer func() {
		r := recover()
		fmt.Println("inner:", r)
		panic(fmt.Sprint("again ", r))
	}()
	panic("first")
}

func outer() (s string) {
	defer func() { s = fmt.Sprint("outer: ", recover()) }()
	defer fmt.Println("still runs")
	inner()
	return "never"
}

func main() {
	fmt.Println(outer())
	fmt.Println(recover())
}
