package main

import "fmt"

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	ch := make(chan int, 1)
	ch <- 1
	close(ch)
	fmt.Println(<-ch, <-ch)
	try(func() { ch <- 2 })
	try(func() { close(ch) })
	var none chan int
	try(func() { close(none) })
}
