package main

import (
	"fmt"
	"time"

	"stepwise/pkg/loop"
)

type clock struct {
	l     *loop.Loop
	left  int
	ticks []int
}

func (c *clock) tick() {
	c.ticks = append(c.ticks, c.left)
	if c.left--; c.left == 0 {
		c.l.Stop()
		return
	}
	c.l.CallLater(time.Millisecond, c.tick)
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	c := &clock{l: l, left: 3}
	l.CallSoon(c.tick)
	never := l.CallLater(2*time.Millisecond, func() { fmt.Println("never") })
	fmt.Println(never.Cancel())
	l.SetExceptionHandler(func(e loop.Exception) { fmt.Println(e.Message, "|", e.Err) })
	l.CallSoon(func() { panic("a bug") })
	l.CallSoon(func() { var m map[int]int; m[1]++ })
	for i := range 3 {
		defer func() { fmt.Println("deferred", i) }()
		l.CallSoon(func() { l.CallSoon(func() { fmt.Println("nested", i) }) })
	}
	fmt.Println(l.Run(), c.ticks)
	go func() { l.CallSoonThreadsafe(func() { fmt.Println("from a thread"); l.Stop() }) }()
	release := l.Hold()
	fmt.Println(l.Run())
	release()
	fmt.Println(l.Run())
}
