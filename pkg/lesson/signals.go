package lesson

// What a signal does to a call that waits, and whether a call waits at all: lesson 01 asks
// the kernel. Read interrupt_linux.go before it.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// sleepsEachTime reports whether this thread gave up its processor in each of so many calls.
// Now and then it does that for Go's runtime, which collects no garbage meanwhile.
func sleepsEachTime(often int, call func()) (each bool) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GC()
	each = true
	undisturbed(func() {
		for range often {
			before := sleeps()
			call()
			each = each && sleeps() > before
		}
	})
	return each
}

// beside makes call on a thread of its own, and watches it from another one meanwhile.
// over reports whether call has returned; then watch must, too.
func beside(watch func(thread int, over func() bool), call func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var returned atomic.Bool
	var watching sync.WaitGroup
	here := thread()
	watching.Go(func() { watch(here, returned.Load) })
	defer watching.Wait()
	defer returned.Store(true)
	call()
}

// sleepsOn waits until a thread has been found asleep many times in a row, and then
// returns true; or false when it is over.
func sleepsOn(thread int, over func() bool) bool {
	for looks := 0; looks < 100; time.Sleep(time.Millisecond) {
		if over() {
			return false
		}
		if asleep(thread) {
			looks++
		} else {
			looks = 0
		}
	}
	return true
}

// UnderSignals makes call, and sends a signal to the thread that it runs on each
// millisecond until it returns. It returns how many it has sent, and call's error. The
// signal is SIGURG, which Go's runtime sends to itself too: nothing comes of it but what
// the kernel does with the call. Any goroutine may call it. Outside of Linux, which can't
// name a thread, the signals go to the whole process.
func UnderSignals(call func() error) (signals int, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	returned, sent := make(chan struct{}), make(chan int)
	go signalUntil(returned, thread(), sent)
	defer func() {
		close(returned)
		signals = <-sent
	}()
	return 0, call()
}

// signalUntil sends signals to thread until returned is closed, and then tells how many.
func signalUntil(returned <-chan struct{}, thread int, sent chan<- int) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-returned:
			sent <- n
			return
		case <-tick.C:
			interrupt(thread)
		}
	}
}
