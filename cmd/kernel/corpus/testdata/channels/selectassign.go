package main

import "fmt"

func main() {
	ch := make(chan int, 2)
	ch <- 4
	ch <- 5
	var v int
	var ok bool
	s := []int{0, 0}
	select {
	case v, ok = <-ch:
	}
	select {
	case s[1] = <-ch:
	}
	fmt.Println(v, ok, s)
	close(ch)
	select {
	case v, ok = <-ch:
		fmt.Println(v, ok)
	}
}
