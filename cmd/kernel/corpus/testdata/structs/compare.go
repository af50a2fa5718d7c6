package main

import "fmt"

type key struct {
	a int
	b string
}

type holder struct {
	k key
	p *int
}

func main() {
	n, m := 1, 1
	fmt.Println(key{1, "a"} == key{1, "a"}, holder{p: &n} == holder{p: &n}, holder{p: &n} == holder{p: &m})
	var x, y any = key{1, "a"}, key{1, "a"}
	fmt.Println(x == y, x != nil)
	defer func() { fmt.Println(recover()) }()
	x, y = []int{1}, []int{1}
	fmt.Println(x == y)
}
