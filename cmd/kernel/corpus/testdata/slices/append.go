package main

import "fmt"

func main() {
	var s []int
	fmt.Println(s == nil, len(s), cap(s))
	for i := 0; i < 5; i++ {
		s = append(s, i*i)
	}
	s = append(s, s...)
	fmt.Println(s, len(s))
	t := append([]int(nil), s[2:4]...)
	t[0] = 100
	fmt.Println(s[2], t)
}
