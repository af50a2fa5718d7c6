package main

import "fmt"

func main() {
	done := make(chan bool)
	data := []string{"a", "b"}
	for _, s := range data {
		go func() {
			_ = s + s
			done <- true
		}()
	}
	for range data {
		<-done
	}
	fmt.Println("all done", <-func() chan int { c := make(chan int, 1); c <- 7; return c }())
}
