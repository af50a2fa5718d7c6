package lesson

import (
	"errors"
	"slices"

	"stepwise/pkg/future"
)

// WRONG ON PURPOSE, each in one way; future.Future is right.
var wrongFutures = []Wrong{
	{"runs its callbacks inside SetResult", futureFaults{inline: true}.impl(), []string{"U04", "U06"}},
	{"runs its callbacks before it is done", futureFaults{early: true}.impl(), []string{"U04", "U02", "U03", "U06", "U08", "U10", "U16"}},
	{"calls back soon, whether it is done or not", futureFaults{atOnce: true}.impl(), []string{"U04", "U16"}},
	{"forgets a callback that comes late", futureFaults{noLate: true}.impl(), []string{"U05", "U08"}},
	{"runs a late callback at once", futureFaults{lateInline: true}.impl(), []string{"U05", "U08"}},
	{"calls all of them again for a late callback", futureFaults{lateAll: true}.impl(), []string{"U05", "U08"}},
	{"tells only the first of those that come late", futureFaults{firstLate: true}.impl(), []string{"U05"}},
	{"calls itself soon, again and again, until it is done", futureFaults{polls: true}.impl(), []string{"U04"}},
	{"runs the newest callback first", futureFaults{newestFirst: true}.impl(), []string{"U04", "U02", "U08"}},
	{"keeps only one callback", futureFaults{single: true}.impl(), []string{"U04", "U02", "U08"}},
	{"takes a second result", futureFaults{again: true}.impl(), []string{"U02"}},
	{"refuses a second result, and keeps it", futureFaults{overwrites: true}.impl(), []string{"U02"}},
	{"says nothing when it refuses a second result", futureFaults{silent: true}.impl(), []string{"U02"}},
	{"calls back again when it refuses a second result", futureFaults{callsAgain: true}.impl(), []string{"U02"}},
	{"returns its zero value while it is pending", futureFaults{noPending: true}.impl(), []string{"U01"}},
	{"takes a result of nil for none", futureFaults{nilIsPending: true}.impl(), []string{"U01", "U02"}},
	{"can end again after a result of nil", futureFaults{nilEndsNot: true}.impl(), []string{"U02"}},
	{"takes the error future.ErrNotReady for no end", futureFaults{notReadyPends: true}.impl(), []string{"U10"}},
	{"forgets its result once somebody has read it", futureFaults{readOnce: true}.impl(), []string{"U04", "U02", "U03", "U08", "U10", "U16"}},
	{"tells nobody that it was canceled", futureFaults{silentCancel: true}.impl(), []string{"U02", "U03"}},
	{"can be canceled when it is done", futureFaults{cancelsDone: true}.impl(), []string{"U02"}},
	{"says that it was not canceled", futureFaults{cancelLies: true}.impl(), []string{"U03"}},
	{"has no error when it was canceled", futureFaults{noCanceled: true}.impl(), []string{"U02", "U03"}},
	{"takes nil for an error", futureFaults{nilError: true}.impl(), []string{"U10"}},
	{"takes an error for a result", futureFaults{errorIsValue: true}.impl(), []string{"U02", "U03", "U10"}},
	{"tells nobody of an error", futureFaults{silentError: true}.impl(), []string{"U02", "U10"}},
	{"refuses a second result with another error", futureFaults{otherRefusal: true}.impl(), []string{"U02"}},
	{"takes an error as its value for a failure", futureFaults{valueIsError: true}.impl(), []string{"U01"}},
	{"keeps the text of an error and loses the error itself", futureFaults{ownError: true}.impl(), []string{"U10"}},
	{"isn't done when it was canceled", futureFaults{cancelPends: true}.impl(), []string{"U02", "U03"}},
	{"forgets a callback that comes after an error", futureFaults{noLateError: true}.impl(), []string{"U05"}},
	{"runs a late callback a turn later than it could", futureFaults{lateTwoTurns: true}.impl(), []string{"U05"}},
	{"hands all callbacks to one CallSoon", futureFaults{oneCall: true}.impl(), []string{"U04"}},
	{"calls back a turn later than it could", futureFaults{twoTurns: true}.impl(), []string{"U04"}},
	{"keeps the callbacks of all futures together", futureFaults{shared: true}.impl(), []string{"U16"}},
}

type futureFaults struct {
	inline, early, atOnce, noLate, lateInline, lateAll, newestFirst, single, again, overwrites, silent, callsAgain       bool
	noPending, nilIsPending, readOnce, silentCancel, cancelsDone, cancelLies, noCanceled, nilError, errorIsValue         bool
	otherRefusal, valueIsError, ownError, cancelPends, noLateError, oneCall, twoTurns, silentError, shared, lateTwoTurns bool
	firstLate, polls, nilEndsNot, notReadyPends                                                                          bool
}

func (f futureFaults) impl() Impl {
	return Impl{NewFuture: func(s future.Scheduler) Box { return &wrongFuture{futureFaults: f, s: s} }}
}

type wrongFuture struct {
	futureFaults
	s         future.Scheduler
	done      bool
	value     any
	err       error
	callbacks []func()
	called    []func() // those that were called when it ended
	told      bool     // one that came late
}

func (f *wrongFuture) SetResult(value any) error {
	if err, is := value.(error); is && f.valueIsError {
		return f.finish(nil, err)
	}
	return f.finish(value, nil)
}

func (f *wrongFuture) SetError(err error) error {
	if err == nil && !f.nilError {
		return future.ErrNilError
	}
	switch {
	case f.errorIsValue:
		return f.finish(err, nil)
	case f.ownError && err != future.ErrCanceled:
		err = errors.New(err.Error())
	}
	return f.finish(nil, err)
}

func (f *wrongFuture) Cancel() bool {
	if f.done && f.cancelsDone {
		f.err = future.ErrCanceled
		return true
	}
	err := error(future.ErrCanceled)
	if f.noCanceled {
		err = nil
	}
	return f.finish(nil, err) == nil && !f.cancelLies
}

func (f *wrongFuture) finish(value any, err error) error {
	switch {
	case f.done && f.callsAgain:
		f.callBack(f.called)
		return future.ErrDone
	case f.done && f.overwrites:
		f.value, f.err = value, err
		return future.ErrDone
	case f.done && f.otherRefusal:
		return future.ErrNotReady
	case f.done && f.silent:
		return nil
	case f.done && !f.again && !(f.nilEndsNot && f.value == nil && f.err == nil):
		return future.ErrDone
	}
	if f.early {
		f.callBack(f.waiting())
	}
	f.done, f.value, f.err = true, value, err
	if f.silentCancel && errors.Is(err, future.ErrCanceled) || f.silentError && err != nil && !errors.Is(err, future.ErrCanceled) || f.early {
		return nil
	}
	f.called = f.waiting()
	f.callBack(f.called)
	if !f.lateAll {
		f.callbacks = nil
	}
	return nil
}

// sharedCallbacks are those of all futures, if they share them.
var sharedCallbacks []func()

// waiting are the callbacks that are called when f ends.
func (f *wrongFuture) waiting() []func() {
	switch {
	case f.shared:
		all := sharedCallbacks
		sharedCallbacks = nil
		return all
	case f.newestFirst:
		slices.Reverse(f.callbacks)
	}
	return f.callbacks
}

func (f *wrongFuture) callBack(fns []func()) {
	if f.oneCall && len(fns) > 0 {
		f.s.CallSoon(func() {
			for _, fn := range fns {
				fn()
			}
		})
		return
	}
	for _, fn := range fns {
		if f.twoTurns {
			f.s.CallSoon(func() { f.s.CallSoon(fn) })
			continue
		}
		if f.inline || f.early {
			fn()
		} else {
			f.s.CallSoon(fn)
		}
	}
}

func (f *wrongFuture) Done() bool {
	return f.ended() && !(f.cancelPends && errors.Is(f.err, future.ErrCanceled))
}

func (f *wrongFuture) ended() bool {
	return f.done && !(f.nilIsPending && f.value == nil && f.err == nil) && !(f.notReadyPends && errors.Is(f.err, future.ErrNotReady))
}

func (f *wrongFuture) Result() (any, error) {
	if !f.ended() && !f.noPending {
		return nil, future.ErrNotReady
	}
	v, err := f.value, f.err
	if f.readOnce {
		f.value, f.err = nil, nil
	}
	return v, err
}

func (f *wrongFuture) AddDoneCallback(fn func()) {
	switch {
	case f.done && f.lateInline:
		fn()
	case f.done && f.noLate, f.err != nil && f.noLateError:
		f.callbacks = append(f.callbacks, fn)
	case f.done && f.lateAll:
		f.callbacks = append(f.callbacks, fn)
		f.callBack(f.callbacks)
	case f.done && f.lateTwoTurns:
		f.s.CallSoon(func() { f.s.CallSoon(fn) })
	case f.polls && !f.done:
		f.s.CallSoon(func() {
			if f.done {
				fn()
				return
			}
			f.AddDoneCallback(fn)
		})
	case f.firstLate && f.told:
	case f.done, f.atOnce:
		f.told = true
		f.s.CallSoon(fn)
	case f.shared:
		sharedCallbacks = append(sharedCallbacks, fn)
	case f.single:
		f.callbacks = []func(){fn}
	default:
		f.callbacks = append(f.callbacks, fn)
	}
}
