package lesson

import (
	"errors"

	"stepwise/pkg/future"
)

// WRONG ON PURPOSE, each in one way; future.Future is right.
var wrongFutures = []Wrong{
	{"runs its callbacks inside SetResult", futureFaults{inline: true}.impl(), []string{"U04", "U06"}},
	{"forgets a callback that comes late", futureFaults{noLate: true}.impl(), []string{"U05", "U08"}},
	{"runs a late callback at once", futureFaults{lateInline: true}.impl(), []string{"U05", "U08"}},
	{"takes a second result", futureFaults{again: true}.impl(), []string{"U02"}},
	{"keeps only one callback", futureFaults{single: true}.impl(), []string{"U04", "U08"}},
	{"returns its zero value while it is pending", futureFaults{noPending: true}.impl(), []string{"U01"}},
	{"tells nobody that it was canceled", futureFaults{silentCancel: true}.impl(), []string{"U02", "U03"}},
	{"takes nil for an error", futureFaults{nilError: true}.impl(), []string{"U10"}},
	{"takes an error for a result", futureFaults{errorIsValue: true}.impl(), []string{"U02", "U10"}},
}

type futureFaults struct {
	inline, noLate, lateInline, again, single, noPending, silentCancel, nilError, errorIsValue bool
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
}

func (f *wrongFuture) SetResult(value any) error { return f.finish(value, nil) }

func (f *wrongFuture) SetError(err error) error {
	if err == nil && !f.nilError {
		return future.ErrNilError
	}
	if f.errorIsValue {
		return f.finish(err, nil)
	}
	return f.finish(nil, err)
}

func (f *wrongFuture) Cancel() bool { return f.finish(nil, future.ErrCanceled) == nil }

func (f *wrongFuture) finish(value any, err error) error {
	if f.done && !f.again {
		return future.ErrDone
	}
	f.done, f.value, f.err = true, value, err
	if f.silentCancel && errors.Is(err, future.ErrCanceled) {
		return nil
	}
	for _, fn := range f.callbacks {
		if f.inline {
			fn()
		} else {
			f.s.CallSoon(fn)
		}
	}
	f.callbacks = nil
	return nil
}

func (f *wrongFuture) Done() bool { return f.done }

func (f *wrongFuture) Result() (any, error) {
	if !f.done && !f.noPending {
		return nil, future.ErrNotReady
	}
	return f.value, f.err
}

func (f *wrongFuture) AddDoneCallback(fn func()) {
	switch {
	case f.done && f.lateInline:
		fn()
	case f.done && f.noLate:
		f.callbacks = append(f.callbacks, fn)
	case f.done:
		f.s.CallSoon(fn)
	case f.single:
		f.callbacks = []func(){fn}
	default:
		f.callbacks = append(f.callbacks, fn)
	}
}
