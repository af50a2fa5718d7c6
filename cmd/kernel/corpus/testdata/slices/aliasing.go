package main

import (
	"fmt"
)

func main() {
	s := make([]int, 3, 10)
	t := append(s, 1)
	u := append(s, 2)
	fmt.Println(t, u, len(s), cap(s))
	s2 := s[:2:2]
	s2 = append(s2, 9)
	s[0] = 7
	fmt.Println(s, s2, cap(s2) >= 3)
	n := copy(s, []int{4, 5, 6, 7})
	fmt.Println(n, s)
	copy(s[1:], s)
	fmt.Println(s)
	b := []byte("hello")
	str := string(b)
	b[0] = 'j'
	fmt.Println(str, string(b))
	var nilS []int
	fmt.Println(nilS == nil, len(nilS), append(nilS, 1), append([]int(nil), nilS...) == nil)
	mm := [][]int{{1}, {2, 3}}
	for i, row := range mm {
		row[0] *= 10
		row = append(row, 5)
		mm[i] = row
	}
	fmt.Println(mm)
	arr := [3]int{1, 2, 3}
	for i, v := range arr {
		arr[2] = 10
		if i == 2 {
			fmt.Println(v)
		}
	}
	sl := arr[:]
	for i, v := range sl {
		sl[2] = 20
		if i == 2 {
			fmt.Println(v)
		}
	}
	pa := &arr
	for i := range pa {
		pa[i]++
	}
	fmt.Println(arr, len(pa), pa[1:])
}
