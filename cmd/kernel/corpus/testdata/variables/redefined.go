package main

import (
	"fmt"
)

func main() {
	x := 1
	{
		x := 2
		x++
		_ = x
	}
	if x := 5; x > 3 {
		fmt.Println("in", x)
	} else if y := x; y > 0 {
		fmt.Println(y)
	}
	fmt.Println(x)
	err := error(nil)
	if _, err := fmt.Sscan("a", &x); err != nil {
		fmt.Println("inner", err)
	}
	fmt.Println(err, x)
	for i := 0; i < 2; i++ {
		i := i * 10
		fmt.Print(i, " ")
	}
	fmt.Println()
	a, b := 1, 2
	a, c := b, a
	fmt.Println(a, b, c)
	a, b = b, a
	i := 0
	i, arr := 1, []int{5, 6, 7}
	arr[i], i = 10, 2
	fmt.Println(arr, i)
	len := 3
	fmt.Println(len)
	string := "shadowed"
	fmt.Println(string)
	f := func() (x int) {
		defer func() { x++ }()
		{
			x := 5
			return x
		}
	}
	fmt.Println(f(), x)
	type x2 = int
	var z x2 = 3
	fmt.Println(z)
	fn := func(x int) int { x = 9; return x }
	fmt.Println(fn(x), x)
	var p *int
	{
		q := 4
		p = &q
	}
	*p++
	fmt.Println(*p)
}
