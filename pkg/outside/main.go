package outside

import (
	"errors"
	"os"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// ErrInterrupted is why Main's task was canceled: the program got SIGINT, as by Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// Main makes a loop with o, runs body as a task on it, and closes it with everything that
// lives on it: asyncio's run.
//
//	func main() {
//		err := outside.Main(loop.Options{}, func(yield coro.Yield) error { … })
//		if err != nil {
//			log.Fatal(err)
//		}
//	}
//
// Ctrl-C cancels the task, which may clean up: its error is then both future.ErrCanceled
// and ErrInterrupted. A second Ctrl-C ends the program. A deadlock is still an error, though
// Ctrl-C could end it. Other errors are those of loop.New
// and task.Run, and body's. In a World, Main is impossible.
func Main(o loop.Options, body func(yield coro.Yield) error) error {
	l, err := loop.New(o)
	if err != nil {
		return err
	}
	defer l.Close()
	main := task.Go(l, body)
	var interrupts *Signals
	interrupts, err = onSignal(l, func() {
		_ = interrupts.Close()
		main.CancelCause(ErrInterrupted)
	}, os.Interrupt)
	if err != nil {
		return err
	}
	return task.Main(l, func(yield coro.Yield) error {
		_, err := task.Await(yield, main)
		return err
	})
}
