package main

import "fmt"

type request struct {
	n     int
	reply chan int
}

func server(requests <-chan request) {
	total := 0
	for r := range requests {
		total += r.n
		r.reply <- total
	}
}

func main() {
	requests := make(chan request)
	go server(requests)
	reply := make(chan int)
	for i := 1; i <= 3; i++ {
		requests <- request{i, reply}
		fmt.Println(<-reply)
	}
	close(requests)
}
