package lesson

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// ready waits until the loop calls what it gave to add. It is wrong if keeps is
// set: then a wait that is canceled leaves its callback registered.
func ready(yield coro.Yield, l *loop.Loop, fd int, add func(fd int, fn func()) error, remove func(fd int) bool, keeps bool) error {
	f := future.New(l)
	if err := add(fd, func() {
		remove(fd)
		_ = f.SetResult(nil)
	}); err != nil {
		return err
	}
	_, err := task.Await(yield, f)
	if err != nil && !keeps {
		remove(fd)
	}
	return err
}
