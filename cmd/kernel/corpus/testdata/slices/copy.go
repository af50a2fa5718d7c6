package main

import "fmt"

func main() {
	a := []int{1, 2, 3, 4, 5}
	n := copy(a, a[2:])
	fmt.Println(n, a)
	var buf [4]byte
	m := copy(buf[:], "hello")
	fmt.Println(m, string(buf[:]))
	fmt.Println(copy(buf[1:], buf[:]))
	fmt.Println(string(buf[:]))
	if copy(a, []int{}) == 0 {
		fmt.Println("nothing")
	}
}
