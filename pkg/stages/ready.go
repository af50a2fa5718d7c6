package stages

// What lesson 08 has you write, for lessons 09 to 11, which only use it.

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Ready pauses the task until s is ready for direction, selector.Read or
// selector.Write. It touches no data: the task that it resumes makes the attempt
// itself, and calls Ready again after EAGAIN, for a wake-up can be false. However it
// ends, nothing of it stays registered with the loop. Closing s doesn't end it: cancel
// the task.
//
// The error is that of the cancellation, or wraps loop.ErrBusy if another task already
// waits for the same direction. Only the task whose yield it is may call it.
func Ready(yield coro.Yield, s *sock.Socket, direction selector.Events) error {
	add, remove := watching(s.Loop(), direction)
	f, fd, registered := future.New(s.Loop()), s.FD(), true // a closed s has no number
	unwatch := func() {
		if registered { // a later registration of this descriptor is another task's
			registered = false
			remove(fd)
		}
	}
	if err := add(fd, func() { unwatch(); _ = f.SetResult(nil) }); err != nil {
		return err
	}
	defer unwatch()
	_, err := task.Await(yield, f)
	return err
}

// watching returns the loop's two functions for direction.
func watching(l *loop.Loop, direction selector.Events) (add func(int, func()) error, remove func(int) bool) {
	if direction == selector.Write {
		return l.AddWriter, l.RemoveWriter
	}
	return l.AddReader, l.RemoveReader
}
