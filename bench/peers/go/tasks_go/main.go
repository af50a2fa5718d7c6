// Command tasks_go stands for Go's scheduler: goroutines that give way with Gosched, or
// that only start and end.
package main

import (
	"runtime"
	"sync"

	"stepwise/bench/internal/meter"
)

func main() {
	args := meter.Args(3, "TASKS SWITCHES ROUNDS (0 switches: spawn and finish)")
	tasks, switches, rounds := meter.Number(args[0], 1), meter.Number(args[1], 0), meter.Number(args[2], 1)
	meter.Each(tasks*max(1, switches)*rounds, func() error {
		for range rounds {
			var all sync.WaitGroup
			for range tasks {
				all.Go(func() {
					for range switches {
						runtime.Gosched()
					}
				})
			}
			all.Wait()
		}
		return nil
	})
}
