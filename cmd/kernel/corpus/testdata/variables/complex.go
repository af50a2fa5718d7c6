package main

import "fmt"

func main() {
	c := complex(3, 4)
	d := c * c
	fmt.Println(d, real(d), imag(d), c == 3+4i)
	fmt.Printf("%.1f\n", c)
}
