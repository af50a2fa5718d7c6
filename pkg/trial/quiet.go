package trial

// Does the loop sleep while nothing can happen? Code that asks again and again, by a
// bare yield, by CallSoon or by a short timer, returns the right results and keeps a core
// busy. Rounds are counted, so that the verdict doesn't depend on the machine's speed.
// Read loop.go before it.

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

const (
	mostRounds = 1000        // many more than a loop needs before it sleeps
	mostTimers = 20          // how often a timer may wake it meanwhile
	aSleep     = time.Second // a timeout of less is that of a timer by which code asks again
)

// NeverSlept is how a case fails whose code kept the loop busy for that many rounds.
func NeverSlept(rounds int) error {
	return fmt.Errorf("your loop never slept: %d rounds while nothing could happen", rounds)
}

// Settle lets l go round until it sleeps without a reason to wake, and returns nil: what
// could happen by itself has happened. The error is that of NeverSlept for a loop that
// doesn't sleep. It is for a task on a loop of WithLoop's or OnLoop's, while the peer is
// silent or after all that it sent has arrived.
func Settle(yield coro.Yield, l *loop.Loop) error {
	w, ok := watchers.Load(l)
	if !ok {
		return errors.New("trial: Settle on a loop that was not made by OnLoop")
	}
	f := future.New(l)
	w.(*watcher).settles(f)
	_, err := task.Await(yield, f)
	return err
}

// lateness is what a case did that is not done: it waits, or its loop is still expected to
// sleep, and goes round, if slowly, since each turn blocks for a while.
func lateness(l *loop.Loop) error {
	if w, ok := watchers.Load(l); ok && w.(*watcher).settle != nil && w.(*watcher).rounds > mostTimers {
		return NeverSlept(w.(*watcher).rounds)
	}
	return ErrWaits
}

// watchers are the selectors of the loops that are open, by their loop.
var watchers sync.Map

// watcher is the selector of a loop under trial. It sees when the loop sleeps, and
// what is closed too early.
type watcher struct {
	selector.Selector
	loop           *loop.Loop
	settle         *future.Future // ends when the loop sleeps; nil if nobody waits for that
	rounds, timers int            // since settle was set: all, and those that slept for a timer
	early          bool           // a descriptor was closed while it was registered
}

func (w *watcher) settles(f *future.Future) { w.settle, w.rounds, w.timers = f, 0, 0 }

// Select looks instead of sleeping while somebody waits for the loop to sleep.
func (w *watcher) Select(timeout time.Duration) ([]selector.Ready, error) {
	if w.settle == nil {
		return w.Selector.Select(timeout)
	}
	long := timeout < 0 || timeout >= aSleep
	if long {
		timeout = 0
	} else if timeout > 0 {
		w.timers++
	}
	ready, err := w.Selector.Select(timeout)
	w.rounds++
	switch {
	case err == nil && len(ready) == 0 && long:
		w.settled(nil)
	case w.rounds == mostRounds || w.timers == mostTimers:
		w.settled(&located{NeverSlept(w.rounds), placesNow()})
	}
	return ready, err
}

// settled wakes the task that waits. The loop takes such a call after its select.
func (w *watcher) settled(err error) {
	f := w.settle
	w.settle = nil
	_ = w.loop.CallSoonThreadsafe(func() {
		if err != nil {
			_ = f.SetError(err)
			return
		}
		_ = f.SetResult(nil)
	})
}

// Unregister notes a descriptor that was closed first. Between the two, its number may
// get another owner.
func (w *watcher) Unregister(fd int) error {
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == unix.EBADF {
		w.early = true
	}
	return w.Selector.Unregister(fd)
}

// order is what was wrong with the order in which descriptors were closed.
func (w *watcher) order() error {
	if !w.early {
		return nil
	}
	return Fail("look at the order on the way out", "a descriptor that is closed while the loop still watches it",
		"it to be removed from the loop first, and closed after that", nil)
}
