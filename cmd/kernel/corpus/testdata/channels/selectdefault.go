package main

import "fmt"

func main() {
	ch := make(chan int, 1)
	for i := 0; i < 3; i++ {
		select {
		case ch <- i:
			fmt.Println("sent", i)
		case v := <-ch:
			fmt.Println("received", v)
		default:
			fmt.Println("never")
		}
	}
	var none chan int
	select {
	case <-none:
	case none <- 1:
	default:
		fmt.Println("nil channels block")
	}
	select {
	case v, ok := <-ch:
		fmt.Println(v, ok)
	default:
		fmt.Println("empty")
	}
}
