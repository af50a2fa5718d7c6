package main

import (
	"fmt"
	"time"
)

func main() {
	fired := make(chan string, 2)
	t := time.AfterFunc(time.Hour, func() { fired <- "never" })
	fmt.Println(t.Stop(), t.Stop())
	time.AfterFunc(time.Millisecond, func() { fired <- "soon" })
	fmt.Println(<-fired)
	timer := time.NewTimer(time.Millisecond)
	<-timer.C
	start := time.Now()
	time.Sleep(2 * time.Millisecond)
	fmt.Println(time.Since(start) >= 2*time.Millisecond, start.IsZero())
}
