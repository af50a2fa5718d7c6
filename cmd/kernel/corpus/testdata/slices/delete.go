package main

import "fmt"

func remove(s []string, i int) []string {
	return append(s[:i], s[i+1:]...)
}

func insert(s []string, i int, v string) []string {
	s = append(s, "")
	copy(s[i+1:], s[i:])
	s[i] = v
	return s
}

func main() {
	s := []string{"a", "b", "c", "d"}
	s = remove(s, 1)
	fmt.Println(s)
	s = insert(s, 1, "x")
	fmt.Println(s, len(s))
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	fmt.Printf("%q\n", s)
}
