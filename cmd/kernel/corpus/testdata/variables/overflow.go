package main

import "fmt"

func main() {
	var a int8 = 127
	a++
	var b uint16
	b--
	var c int32 = 1 << 30
	c *= 4
	d := uint8(200)
	fmt.Println(a, b, c, d+100, d<<1, int8(d))
}
