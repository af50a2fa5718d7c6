package main

import (
	"fmt"
	"time"

	"stepwise/pkg/loop"
)

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	for i := 0; i < 3; i++ {
		l.CallSoon(func() { fmt.Println("soon", i) })
	}
	l.CallLater(2*time.Millisecond, func() {
		fmt.Println("later")
		l.Stop()
	})
	fmt.Println(l.Run())
}
