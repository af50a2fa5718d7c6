package main

import "fmt"

func main() {
	for i := 0; i < 3; i++ {
		fmt.Print(i)
	}
	n := 100
	for n > 10 {
		n /= 3
	}
	fmt.Println(n)
	for {
		n++
		if n%7 == 0 {
			break
		}
	}
	fmt.Println(n)
	for i := range 3 {
		fmt.Print(i, " ")
	}
	for range 2 {
		fmt.Print("*")
	}
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		fmt.Print(i, j, ";")
	}
	fmt.Println()
}
