// Command tasks runs many tasks on one loop that give way to each other, or that only
// start and end. It waits for them one after the other, as its peers do.
package main

import (
	"stepwise/bench/internal/meter"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func main() {
	args := meter.Args(3, "TASKS SWITCHES ROUNDS (0 switches: spawn and finish)")
	tasks, switches, rounds := meter.Number(args[0], 1), meter.Number(args[1], 0), meter.Number(args[2], 1)
	meter.Each(tasks*max(1, switches)*rounds, func() error {
		l, err := loop.New(loop.Options{})
		if err != nil {
			return err
		}
		defer l.Close()
		_, err = task.Run(l, func(yield coro.Yield) (any, error) {
			for range rounds {
				if err := round(yield, l, tasks, switches); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		return err
	})
}

func round(yield coro.Yield, l *loop.Loop, tasks, switches int) error {
	all := make([]*task.Task, tasks)
	for i := range all {
		all[i] = task.Spawn(l, func(yield coro.Yield) (any, error) {
			for range switches {
				if err := task.Sleep(yield, 0); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
	}
	for _, t := range all {
		if _, err := task.Await(yield, t); err != nil {
			return err
		}
	}
	return nil
}
