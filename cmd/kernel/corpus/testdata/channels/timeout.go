package main

import (
	"fmt"
	"time"
)

func main() {
	slow := make(chan int)
	select {
	case <-slow:
		fmt.Println("value")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("timeout")
	}
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	n := 0
	for range ticker.C {
		n++
		if n == 3 {
			break
		}
	}
	fmt.Println(n)
}
