package main

import "fmt"

func player(name string, in <-chan int, out chan<- int, last int, done chan<- string) {
	for n := range in {
		if n >= last {
			close(out)
			done <- name
			return
		}
		out <- n + 1
	}
	done <- name + " (closed)"
}

func main() {
	a, b, done := make(chan int), make(chan int), make(chan string, 2)
	go player("ping", a, b, 5, done)
	go player("pong", b, a, 5, done)
	a <- 0
	x, y := <-done, <-done
	fmt.Println(len(x)+len(y), x != y)
}
