package main

import "fmt"

type Stack []int

func (s *Stack) Push(n int) { *s = append(*s, n) }

func (s *Stack) Pop() int {
	old := *s
	n := old[len(old)-1]
	*s = old[:len(old)-1]
	return n
}

func (s Stack) Len() int { return len(s) }

func main() {
	var s Stack
	for i := 1; i <= 3; i++ {
		s.Push(i)
	}
	fmt.Println(s.Pop(), s.Len(), s)
}
