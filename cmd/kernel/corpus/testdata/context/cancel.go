package main

import (
	"context"
	"fmt"
)

func worker(ctx context.Context, n chan<- int) {
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			close(n)
			return
		case n <- i:
		}
	}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	n := make(chan int)
	go worker(ctx, n)
	fmt.Println(<-n, <-n)
	cancel()
	for range n {
	}
	fmt.Println(ctx.Err())
}
