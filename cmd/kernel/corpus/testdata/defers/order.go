package main

import "fmt"

func f() (n int) {
	defer func() { n *= 2 }()
	for i := 0; i < 3; i++ {
		defer fmt.Println("deferred", i)
	}
	n = 4
	return n + 1
}

func main() {
	defer fmt.Println("end of main")
	fmt.Println(f())
}
