// Command timers adds a timer and cancels it, many times, while others are pending. What
// it leaves behind on the heap shows whether canceled timers pile up.
package main

import (
	"math/rand/v2"
	"time"

	"stepwise/bench/internal/meter"
	"stepwise/pkg/loop"
)

func main() {
	args := meter.Args(2, "PENDING COUNT")
	pending, count := meter.Number(args[0], 1), meter.Number(args[1], 1)
	l, err := loop.New(loop.Options{})
	if err != nil {
		meter.Profiled(func() error { return err })
	}
	defer l.Close()
	dice := rand.New(rand.NewPCG(1, 2))
	later := func() *loop.Timer {
		return l.CallLater(time.Hour+time.Duration(dice.Int64N(int64(time.Hour))), nothing)
	}
	for range pending {
		later()
	}
	meter.Each(count, func() error {
		for i := range count {
			later().Cancel()
			if i%1000 == 0 { // a loop that runs, not only one that is called
				l.CallSoon(nothing)
				if err := l.Round(); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func nothing() {}
