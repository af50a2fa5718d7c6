package main

import "fmt"

func main() {
	for i, e := range make([]int, 2, 4) {
		fmt.Println(i, e)
		i = 7
	}
	for i, e := range []string{"a", "b"} {
		i += 5
		e += "!"
		fmt.Println(i, e)
	}
	n := 0
	for i := range 3 {
		i = 10
		n += i
	}
	for i := range [3]bool{} {
		i++
		n += i
	}
	for i, r := range "abc" {
		i, r = i+9, r+1
		fmt.Print(i, string(r), " ")
	}
	for i := 0; i < 10; i++ {
		i += 2
		n += i
	}
	fmt.Println(n)
}
