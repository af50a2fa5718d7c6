package main

import (
	"fmt"
	"time"

	"stepwise/pkg/loop"
)

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	never := l.CallLater(2*time.Millisecond, func() { fmt.Println("never") })
	fmt.Println(never.Cancel())
	l.SetExceptionHandler(func(e loop.Exception) { fmt.Println(e.Message, "|", e.Err) })
	l.CallSoon(func() { panic("a bug") })
	l.CallSoon(func() { var m map[int]int; m[1]++ })
	for i := range 3 {
		defer func() { fmt.Println("deferred", i) }()
		l.CallSoon(func() { l.CallSoon(func() { fmt.Println("nested", i) }) })
	}
	l.CallLater(2*time.Millisecond, l.Stop)
	fmt.Println(l.Run())
}
