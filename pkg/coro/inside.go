package coro

// Who calls? A coroutine and whoever resumes it run in goroutines of their own, one at a
// time, so the goroutine tells them apart.

import (
	"bytes"
	"runtime"
	"strconv"
)

// Inside is the Yield of c's body, and true, if it is that body which calls Inside, or a
// function that it has called. Anywhere else, even in a goroutine that the body has
// started, it is false. Any goroutine may call it.
func (c *Coro) Inside() (Yield, bool) {
	if c.goroutine.Load() != self() {
		return nil, false
	}
	return c.own, true // written in this goroutine
}

// numberOfSelf reads the number of the goroutine that calls it out of its stack trace:
// "goroutine 18 [running]: …". It takes microseconds.
func numberOfSelf() uintptr {
	var text [64]byte
	fields := bytes.Fields(text[:runtime.Stack(text[:], false)])
	n, err := strconv.ParseUint(string(fields[1]), 10, 64)
	if err != nil {
		panic("coro: the runtime names goroutines in another way: " + err.Error())
	}
	return uintptr(n)
}
