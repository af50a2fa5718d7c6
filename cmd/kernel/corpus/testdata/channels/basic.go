package main

import "fmt"

func produce(ch chan<- int, n int) {
	defer close(ch)
	for i := range n {
		ch <- i * i
	}
}

func main() {
	ch := make(chan int)
	go produce(ch, 4)
	for v := range ch {
		fmt.Print(v, " ")
	}
	v, ok := <-ch
	fmt.Println(v, ok, len(ch), cap(ch))
}
