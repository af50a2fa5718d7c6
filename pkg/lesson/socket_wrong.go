package lesson

import (
	"sync/atomic"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// waitFaults are ways to wait for a socket that are WRONG ON PURPOSE; without any of
// them, ready is right.
type waitFaults struct {
	byYield, bySoon, byTimer     bool   // asks again instead of sleeping
	keeps                        bool   // a canceled wait leaves its callback registered
	staysOn                      bool   // the callback doesn't remove itself
	deaf                         bool   // goes on when it was canceled
	shared                       bool   // one future for all that wait
	sharesFlag                   bool   // one note for all, of whether something is registered
	otherSide                    bool   // waits for the other direction
	removesReader, removesWriter bool   // on the way out, whoever added it
	removesNext                  bool   // on the way out, even if that of another task came after it
	removesFirst                 bool   // when it is refused, that of the task that waits
	skipsBusy                    bool   // asks again when it is refused
	inCallback                   func() // does it in the callback
}

// sharedFlag is the note of all whose waitFaults.sharesFlag is set.
var sharedFlag bool

// sharedFuture is what all wait for whose waitFaults.shared is set.
var sharedFuture atomic.Pointer[future.Future]

// ready waits until the loop says that fd is readable, or writable if write is set.
func (w waitFaults) ready(yield coro.Yield, l *loop.Loop, fd int, write bool) error {
	switch {
	case w.byYield:
		return task.Checkpoint(yield)
	case w.byTimer:
		return task.Sleep(yield, time.Millisecond)
	}
	f := future.New(l)
	if w.bySoon {
		l.CallSoon(func() { _ = f.SetResult(nil) })
		_, err := task.Await(yield, f)
		return err
	}
	return w.await(yield, l, fd, write != w.otherSide, f)
}

func (w waitFaults) await(yield coro.Yield, l *loop.Loop, fd int, write bool, f *future.Future) error {
	add, remove := l.AddReader, l.RemoveReader
	if write {
		add, remove = l.AddWriter, l.RemoveWriter
	}
	if w.shared {
		sharedFuture.Store(f)
	}
	registered := new(bool)
	if w.sharesFlag {
		registered = &sharedFlag
	}
	*registered = true
	err := add(fd, func() {
		if !w.staysOn {
			*registered = false
			remove(fd)
		}
		if w.inCallback != nil {
			w.inCallback()
		}
		if w.shared {
			f = sharedFuture.Load()
		}
		_ = f.SetResult(nil)
	})
	switch {
	case err == nil, w.staysOn: // it waits on, for a callback that knows another future
	case w.skipsBusy:
		return task.Checkpoint(yield)
	default:
		if w.removesFirst {
			remove(fd)
		}
		return err
	}
	_, err = task.Await(yield, f)
	if err != nil && *registered && !w.keeps || w.removesNext {
		remove(fd)
	}
	if w.removesReader {
		l.RemoveReader(fd)
	}
	if w.removesWriter {
		l.RemoveWriter(fd)
	}
	if w.deaf {
		return nil
	}
	return err
}
