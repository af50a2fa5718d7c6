package main

import "fmt"

func main() {
	defer fmt.Println("deferred first")
	fmt.Println("before")
	panic("out of luck")
}
