package main

import "fmt"

func main() {
	var m map[string]int
	fmt.Println(m["a"], len(m), m == nil)
	for range m {
		fmt.Println("never")
	}
	delete(m, "a")
	defer func() {
		fmt.Println("recovered:", recover())
	}()
	m["a"] = 1
}
