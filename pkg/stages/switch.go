package stages

// What a switch costs: to stop in one function, go on in another, and come back. Lesson 06
// measures it, and an interpreter would measure itself. Read package iter, under Pull, first.

import (
	"iter"
	"runtime"
	"sync/atomic"
	"time"
)

// Switch is one way for two functions to take turns, and its price.
type Switch struct {
	Name string
	Took time.Duration // one switch, there or back, on average, in the fastest of some tries
}

// tries keep a busy machine out of the bill: what else it does makes some of them slower.
const tries = 5

// Switches has two functions take turns n times in each of three ways, and returns what
// one switch took: two goroutines and two channels, two goroutines that call
// runtime.Gosched until it is their turn, and iter.Pull. It tries each way five times. With
// n below 1 nothing is measured, and all take 0. When it returns, its goroutines have ended.
func Switches(n int) []Switch {
	switches := make([]Switch, len(ways))
	for i, way := range ways {
		switches[i].Name = way.name
		for try := 0; try < tries && n > 0; try++ {
			start := time.Now()
			way.alternate(n, func() {}, func() {})
			took := time.Since(start) / time.Duration(2*n)
			if try == 0 || took < switches[i].Took {
				switches[i].Took = took
			}
		}
	}
	return switches
}

// ways call here and there in turn, n times each, here first. The two never run at once.
var ways = []struct {
	name      string
	alternate func(n int, here, there func())
}{
	{"two goroutines and two channels", byChannels},
	{"two goroutines and runtime.Gosched", byGosched},
	{"iter.Pull", byPull},
}

func byChannels(n int, here, there func()) {
	in, out := make(chan struct{}), make(chan struct{})
	go func() {
		for range in {
			there()
			out <- struct{}{}
		}
		close(out)
	}()
	for range n {
		here()
		in <- struct{}{}
		<-out
	}
	close(in)
	<-out
}

// byGosched passes a turn. Gosched lets somebody else run, but can't say who: each side
// asks again until the turn is its own.
func byGosched(n int, here, there func()) {
	var theirs atomic.Bool
	until := func(want bool) {
		for theirs.Load() != want {
			runtime.Gosched()
		}
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for range n {
			until(true)
			there()
			theirs.Store(false)
		}
	}()
	for range n {
		here()
		theirs.Store(true)
		until(false)
	}
	<-over
}

func byPull(n int, here, there func()) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for {
			there()
			if !yield(struct{}{}) {
				return
			}
		}
	})
	defer stop()
	for range n {
		here()
		next()
	}
}
