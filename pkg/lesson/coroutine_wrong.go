package lesson

import (
	"errors"

	"stepwise/pkg/coro"
)

// WRONG ON PURPOSE, each in one way: coro.Coro, which is right, with a fault
// before or after it.
var wrongCoroutines = []Wrong{
	{"drops what is sent in", coroFaults{dropsValue: true}.impl(), []string{"G14", "G13"}},
	{"drops the error that is thrown", coroFaults{dropsError: true}.impl(), []string{"G15"}},
	{"ends with the first error", coroFaults{endsOnError: true}.impl(), []string{"G15"}},
	{"runs the body before anybody sends", coroFaults{eager: true}.impl(), []string{"G16", "G01"}},
	{"returns what was yielded one send late", coroFaults{late: true}.impl(), []string{"G14", "G13", "G15"}},
	{"loses the body's result", coroFaults{noResult: true}.impl(), []string{"G14", "G13", "G15", "G07", "G03"}},
	{"leaves the body where it stands when closed", coroFaults{noClose: true}.impl(), []string{"G02", "G01", "G05"}},
	{"runs the body to be able to close it", coroFaults{runsToClose: true}.impl(), []string{"G01"}},
	{"returns no error from a yield that was closed", coroFaults{closesSoftly: true}.impl(), []string{"G02", "G05"}},
	{"lets a panic through", coroFaults{panics: true}.impl(), []string{"G03"}},
	{"repeats its last value after the end", coroFaults{repeats: true}.impl(), []string{"G14", "G13", "G15"}},
}

type coroFaults struct {
	dropsValue, dropsError, endsOnError, eager, late, noResult, noClose, runsToClose, closesSoftly, panics, repeats bool
}

func (f coroFaults) impl() Impl { return Impl{NewCoro: f.new} }

type wrongCoro struct {
	coroFaults
	c       *coro.Coro
	started bool
	out     any // what was yielded last
	ahead   bool
}

func (f coroFaults) new(body coro.Body) Generator {
	w := &wrongCoro{coroFaults: f}
	w.c = coro.New(func(yield coro.Yield) (any, error) {
		return body(func(out any) (any, error) { return w.received(yield(out)) })
	})
	if f.eager {
		w.out, w.ahead = w.c.Send(nil)
	}
	return w
}

// received is what the body's yield returns.
func (w *wrongCoro) received(in any, err error) (any, error) {
	if w.dropsValue {
		in = nil
	}
	if w.dropsError && !errors.Is(err, coro.ErrClosed) || w.closesSoftly && errors.Is(err, coro.ErrClosed) {
		err = nil
	}
	return in, err
}

func (w *wrongCoro) Send(v any) (any, bool) {
	if w.eager && !w.started {
		w.started = true
		return w.out, w.ahead
	}
	w.started = true
	return w.handOut(w.c.Send(v))
}

func (w *wrongCoro) Throw(err error) (any, bool) {
	if w.endsOnError {
		w.c.Throw(err)
		w.c.Close()
		return nil, false
	}
	return w.handOut(w.c.Throw(err))
}

// handOut is what Send and Throw return.
func (w *wrongCoro) handOut(out any, more bool) (any, bool) {
	var panicked *coro.PanicError
	if _, err := w.c.Result(); w.panics && !more && errors.As(err, &panicked) {
		panic(panicked.Value)
	}
	before := w.out
	if more {
		w.out = out
	}
	switch {
	case w.late && more:
		return before, true
	case w.repeats && !more && before != nil:
		return before, false
	}
	return out, more
}

func (w *wrongCoro) Close() {
	if w.noClose {
		return
	}
	if w.runsToClose && !w.started {
		w.c.Send(nil)
	}
	w.c.Close()
}

func (w *wrongCoro) Result() (any, error) {
	if w.noResult {
		return nil, nil
	}
	return w.c.Result()
}
