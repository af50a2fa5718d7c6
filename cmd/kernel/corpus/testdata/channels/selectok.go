package main

import "fmt"

func worker(in <-chan string, quit <-chan struct{}) (n int) {
	for {
		select {
		case s, ok := <-in:
			if !ok {
				fmt.Println("input closed")
				return n
			}
			n += len(s)
		case <-quit:
			return -1
		}
	}
}

func main() {
	in := make(chan string, 2)
	in <- "ab"
	in <- "cde"
	close(in)
	fmt.Println(worker(in, nil))
	quit := make(chan struct{})
	close(quit)
	fmt.Println(worker(nil, quit))
}
