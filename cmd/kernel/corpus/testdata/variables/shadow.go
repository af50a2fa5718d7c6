package main

import "fmt"

var x = "package"

func main() {
	fmt.Println(x)
	x := "function"
	if x := len(x); x > 3 {
		fmt.Println("if", x)
		x := x * 2
		fmt.Println("inner", x)
	}
	{
		x := true
		fmt.Println("block", x)
	}
	fmt.Println(x)
}
