package task

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
)

// several is what a coroutine awaits if it waits for more than one Awaitable, or for one
// that it must not cancel: a Future, and the Awaitables that end it, which collect has
// checked or Group.Spawn has made. Canceling it cancels none of them.
type several struct {
	*future.Future
	of func() []Awaitable
}

// String is what the task awaits, for a loop that is asked where it stands.
func (s *several) String() string {
	left := 0
	for _, a := range s.of() {
		if !a.Done() {
			left++
		}
	}
	if left == 1 {
		return "1 of several"
	}
	return fmt.Sprintf("%d others", left)
}

// collect checks the Awaitables that a verb is to wait for, and leaves out repetitions.
func (t *Task) collect(as []Awaitable) ([]Awaitable, error) {
	all := make([]Awaitable, len(as))
	for i, a := range as {
		a, err := t.check(a)
		if err != nil {
			return nil, err
		}
		all[i] = a
	}
	return distinct(all), nil
}

// until pauses until enough is true of one that is done, or all are done, or limit has
// passed; a negative limit means none. The error is the caller's own cancellation: the
// Awaitables go on.
func (t *Task) until(yield coro.Yield, limit time.Duration, as []Awaitable, enough func(Awaitable) bool) error {
	w := &several{future.New(t.loop), func() []Awaitable { return as }}
	left := len(as)
	removes := make([]func() bool, 0, len(as))
	for _, a := range as {
		removes = append(removes, a.AddDoneCallback(func() {
			left--
			if !w.Done() && (enough(a) || left == 0) {
				_ = w.SetResult(nil)
			}
		}))
	}
	if limit >= 0 {
		defer t.loop.CallLater(limit, func() { _ = w.SetResult(nil) }).Cancel()
	}
	_, err := Await(yield, w)
	for _, remove := range removes { // those still pending must not keep us alive
		remove()
	}
	return err
}

// drain cancels as and waits for all of them. Each time that the caller is canceled
// meanwhile, it cancels them again.
func (t *Task) drain(yield coro.Yield, as []Awaitable) {
	for {
		as = slices.DeleteFunc(slices.Clone(as), Awaitable.Done)
		if len(as) == 0 {
			return
		}
		for _, a := range as {
			a.Cancel()
		}
		err := t.until(yield, -1, as, func(Awaitable) bool { return false })
		if err != nil && !errors.Is(err, future.ErrCanceled) {
			return // the loop closes, and them with it
		}
	}
}

// CancelAndWait cancels as and waits until all have ended, even those that ignore it. Only
// then is what they held free again. It doesn't look at their results. Errors are those of
// misuse, as for Await. If the caller is canceled meanwhile, it cancels them again, and
// returns future.ErrCanceled when they have ended.
func CancelAndWait(yield coro.Yield, as ...Awaitable) error {
	t, err := Current(yield)
	if err != nil {
		return err
	}
	if as, err = t.collect(as); err != nil {
		return misuse("cancel", err)
	}
	before := t.cancels
	t.drain(yield, as)
	if t.cancels > before {
		return future.ErrCanceled
	}
	return nil
}

// stater is an Awaitable that says how it ended without its error being read.
type stater interface {
	Failed() bool
	State() future.State
}

var _, _ stater = (*future.Future)(nil), (*Task)(nil)

// howEnded says how a ended, without reading its error where that is possible.
func howEnded(a Awaitable) (failed, canceled bool) {
	if a, ok := a.(stater); ok {
		return a.Failed(), a.State() == future.Canceled
	}
	_, err := a.Result()
	return err != nil, errors.Is(err, future.ErrCanceled)
}
