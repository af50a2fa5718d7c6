package main

import "fmt"

type flags struct{ bits uint8 }

func called(n int) int {
	fmt.Print("called ")
	return n
}

func (f *flags) self() *flags {
	fmt.Print("self ")
	return f
}

func main() {
	f := flags{0b1010}
	f.bits ^= 0b0110
	f.bits <<= 2
	f.bits >>= 1
	fmt.Println(f.bits)
	s, m := []int{1, 2, 3}, map[string]int{"a": 12}
	s[called(1)] <<= 3
	s[called(2)] ^= called(6)
	m[fmt.Sprint("a", called(1))[:1]] ^= 5
	f.self().bits ^= 1
	p := &s[0]
	*p <<= 5
	fmt.Println(s, m, f)
	for i := [1]int{1}; i[0] < 9; i[0] <<= 1 {
		fmt.Print(i[0], " ")
	}
	for f.bits = 1; f.bits < 5; f.self().bits <<= 1 {
		fmt.Print(f.bits, " ")
	}
	x := 6
	x ^= 3
	x <<= 2
	fmt.Println(x)
	var any map[any]int = map[any]int{1: 3}
	any[called(1)] ^= 1
	fmt.Println(any)
}
