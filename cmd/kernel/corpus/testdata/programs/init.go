package main

import "fmt"

var calls int

var table = build()

func build() map[string]int {
	calls++
	return map[string]int{"build": calls}
}

func init() {
	fmt.Println("first init")
	table["a"] = 1
}

func init() {
	fmt.Println("second init", len(table))
	table["b"] = 2
}

func main() {
	fmt.Println("main", table)
}
