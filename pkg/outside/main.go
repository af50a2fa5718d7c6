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
// and ErrInterrupted. A second Ctrl-C ends the program. Once something on this loop listens
// for Ctrl-C itself, by OnSignal, Notify or a Server's ListenAndServe, Main leaves Ctrl-C to
// it for good, as asyncio does.
//
// A panic in body, or in a task whose error body returns, is part of the error. Main also
// reports it with its stack to the loop's exception handler, because log.Fatal prints none.
// A deadlock is an error: Main doesn't wait for Ctrl-C to end it. Other errors are those of
// loop.New and task.Run, and body's. In a World, Main is impossible.
func Main(o loop.Options, body func(yield coro.Yield) error) error {
	l, err := loop.New(o)
	if err != nil {
		return err
	}
	defer l.Close()
	main := task.Go(l, body)
	if err := cancelBySignal(l, main); err != nil {
		return err
	}
	_, err = task.RunUntilComplete(main)
	task.ReportPanics(l, "the program panicked", err)
	return err
}

// cancelBySignal has the first Ctrl-C cancel main, unless another listener takes it over.
func cancelBySignal(l *loop.Loop, main *task.Task) error {
	canceled := false
	// A signal that has come before the takeover still cancels main, though s is closed then:
	// otherwise nobody would learn of it.
	s, err := notify("main", l, []os.Signal{os.Interrupt}, func(s *Signals, _ os.Signal) {
		if !canceled {
			canceled = true
			_ = s.Close()
			main.CancelCause(ErrInterrupted)
		}
	})
	if err == nil {
		s.standIn = true
	}
	return err
}
