package main

import "fmt"

type Celsius float64
type Fahrenheit float64

func toF(c Celsius) Fahrenheit { return Fahrenheit(c*9/5 + 32) }

func main() {
	i := 300
	fmt.Println(uint8(i), int8(i), float64(i)/7)
	fmt.Println(toF(100), string(rune(65)), []byte("hi"), string([]byte{72, 105}))
	f := 3.99
	fmt.Println(int(f), int(-f))
	var u uint = 3
	fmt.Println(u-4 > 0, ^0, 7&^2, -7/2, -7%3)
}
