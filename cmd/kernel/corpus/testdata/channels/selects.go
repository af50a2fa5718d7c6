package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func main() {
	c, quit := make(chan int), make(chan bool)
	go func() {
		for i := range 3 {
			c <- i
		}
		quit <- true
	}()
	func() {
		for {
			select {
			case v := <-c:
				fmt.Println("got", v)
			case <-quit:
				fmt.Println("quit")
				return
			case <-time.After(5 * time.Second):
				fmt.Println("late")
			}
		}
	}()
	select {
	case v := <-c:
		fmt.Println(v)
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	}
	var nilC chan int
	select {
	case nilC <- 1:
		fmt.Println("never")
	case <-nilC:
		fmt.Println("never")
	default:
		fmt.Println("default")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	b := make(chan string, 2)
	select {
	case b <- "x":
		fmt.Println("sent", len(b), cap(b))
	default:
	}
	arr := [2]int{}
	ok := false
	cl := make(chan int)
	close(cl)
	select {
	case arr[1], ok = <-cl:
		fmt.Println(arr, ok)
	}
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Stop())
}
