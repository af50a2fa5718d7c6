package main

import "fmt"

var (
	count  = 3
	ratio  float64
	name   string
	on     bool
	letter rune = 'a'
	b      byte = 'b'
)

func main() {
	var x, y = 1, "two"
	z := 1.5
	fmt.Println(count, ratio, name == "", on, letter, b, x, y, z)
	x, count = count, x
	fmt.Println(x, count)
}
