package lesson

import (
	"errors"
	"slices"

	"stepwise/pkg/coro"
)

// WRONG ON PURPOSE, each in one way: coro.Coro, which is right, with a fault
// before or after it.
var wrongCoroutines = []Wrong{
	{"drops what is sent in", coroFaults{dropsValue: true}.impl(), []string{"G14", "G13", "G18"}},
	{"returns from a yield what was sent to the one before", coroFaults{lateIn: true}.impl(), []string{"G14", "G13", "G18"}},
	{"drops the error that is thrown", coroFaults{dropsError: true}.impl(), []string{"G15"}},
	{"throws an error again into each yield after it", coroFaults{throwsAgain: true}.impl(), []string{"G15"}},
	{"ends with the first error", coroFaults{endsOnError: true}.impl(), []string{"G15"}},
	{"has an error of its own after a throw before it began", coroFaults{ownThrown: true}.impl(), []string{"G17", "G07"}},
	{"begins the body to throw an error into it", coroFaults{throwsLate: true}.impl(), []string{"G17", "G07"}},
	{"runs the body before anybody sends", coroFaults{eager: true}.impl(), []string{"G16", "G17", "G07", "G01"}},
	{"returns what was yielded one send late", coroFaults{late: true}.impl(), []string{"G14", "G13", "G15", "G18"}},
	{"takes a yield of nil for the end", coroFaults{nilIsEnd: true}.impl(), []string{"G03"}},
	{"says that there is more at the end", coroFaults{alwaysMore: true}.impl(), []string{"G14", "G13", "G15", "G17", "G07", "G02", "G01", "G03", "G18"}},
	{"repeats its last value after the end", coroFaults{repeats: true}.impl(), []string{"G14", "G13", "G15", "G18"}},
	{"loses the body's result", coroFaults{noResult: true}.impl(), []string{"G14", "G13", "G15", "G17", "G07", "G02", "G01", "G03", "G18", "G11"}},
	{"loses the body's error", coroFaults{noError: true}.impl(), []string{"G15", "G17", "G07", "G02", "G01"}},
	{"has a result before the end", coroFaults{earlyResult: true}.impl(), []string{"G14"}},
	{"leaves the body where it stands when closed", coroFaults{noClose: true}.impl(), []string{"G02", "G01", "G05", "G03"}},
	{"doesn't wait until a closed body has ended", coroFaults{closesLate: true}.impl(), []string{"G02", "G01", "G05", "G03"}},
	{"closes only what has begun", coroFaults{closesBegun: true}.impl(), []string{"G01"}},
	{"runs the body to be able to close it", coroFaults{runsToClose: true}.impl(), []string{"G01"}},
	{"can't be closed twice", coroFaults{closesOnce: true}.impl(), []string{"G07", "G02", "G01"}},
	{"returns no error from a yield that was closed", coroFaults{closesSoftly: true}.impl(), []string{"G02", "G05"}},
	{"returns no error from the second yield after it was closed", coroFaults{forgetsClosed: true}.impl(), []string{"G05"}},
	{"lets a panic through", coroFaults{panics: true}.impl(), []string{"G03"}},
	{"takes a panic for an end", coroFaults{panicIsEnd: true}.impl(), []string{"G03"}},
	{"knows what a panic said only if it is a string", coroFaults{onlyWords: true}.impl(), []string{"G03"}},
	{"drops the value beside an error", coroFaults{valueOrError: true}.impl(), []string{"G15"}},
	{"has no error when it was closed before it began", coroFaults{closedIsEnd: true}.impl(), []string{"G07", "G01"}},
	{"forgets what the panic said", coroFaults{dropsPanic: true}.impl(), []string{"G03"}},
	{"keeps the coroutine where all share it", coroFaults{shared: true}.impl(), []string{"G18"}},
	{"sends through a channel that all coroutines share", coroFaults{sharesIn: true}.impl(), []string{"G18"}},
	{"panics at a send after it was closed before it began", coroFaults{unbegunSends: true}.impl(), []string{"G01"}},
	{"forgets when it is closed what was thrown before it began", coroFaults{closeForgets: true}.impl(), []string{"G07"}},
	{"takes coro.ErrClosed from a body for no error", coroFaults{closedIsWell: true}.impl(), []string{"G02"}},
	{"has not finished, after runtime.Goexit", coroFaults{goexitGoesOn: true}.impl(), []string{"G11"}},
	{"forgets what the body returns when it is closed", coroFaults{closedLoses: true}.impl(), []string{"G02", "G03"}},
	{"forgets a panic while it is closed", coroFaults{closedCalm: true}.impl(), []string{"G03"}},
	{"takes an error that the body panics with for one that it returns", coroFaults{panicReturns: true}.impl(), []string{"G03"}},
	{"has a result before the first send", coroFaults{unbegunResult: true}.impl(), []string{"G14"}},
	{"leaves a goroutine behind when an error is thrown before it began", coroFaults{throwLeaves: true}.impl(), []string{"G17"}},
	{"takes runtime.Goexit for a return", coroFaults{goexitIsEnd: true}.impl(), []string{"G11"}},
	{"waits for a body that has called runtime.Goexit", coroFaults{goexitHangs: true}.impl(), []string{"G11"}},
	{"hangs when it is closed after the end", coroFaults{closeHangs: true}.impl(), []string{"G07"}},
	{"hangs when it is closed twice", coroFaults{secondHangs: true}.impl(), []string{"G07"}},
	{"waits for somebody to answer after the end", coroFaults{hangsAtEnd: true}.impl(), []string{"G17"}},
}

type coroFaults struct {
	dropsValue, lateIn, dropsError, endsOnError, throwsLate, eager, late, nilIsEnd, alwaysMore, repeats, noResult, noError  bool
	earlyResult, noClose, closesLate, closesBegun, runsToClose, closesOnce, closesSoftly, forgetsClosed, panics, panicIsEnd bool
	onlyWords, valueOrError, closedIsEnd, closeHangs, secondHangs                                                           bool
	dropsPanic, shared, goexitIsEnd, goexitHangs, hangsAtEnd                                                                bool
	sharesIn, closedLoses, closedCalm, panicReturns, unbegunResult, throwLeaves                                             bool
	throwsAgain, ownThrown, closedIsWell, goexitGoesOn, unbegunSends, closeForgets                                          bool
}

func (f coroFaults) impl() Impl { return Impl{NewCoro: f.new} }

type wrongCoro struct {
	coroFaults
	c                      *coro.Coro
	started, ended, closed bool
	out                    any // what was yielded last
	ahead                  bool
	in                     any   // what was sent last, if it comes late
	refused                int   // how many yields got ErrClosed
	left                   error // what was thrown into a body that hadn't begun, and stays
	thrown                 error // what was thrown last, if each yield returns it
}

func (f coroFaults) new(body coro.Body) Generator {
	w := &wrongCoro{coroFaults: f}
	w.c = coro.New(func(yield coro.Yield) (any, error) {
		return body(func(out any) (any, error) { return w.received(yield(out)) })
	})
	if f.shared {
		lastCoro = w.c
	}
	if f.eager {
		w.out, w.ahead = w.c.Send(nil)
	}
	return w
}

// received is what the body's yield returns.
func (w *wrongCoro) received(in any, err error) (any, error) {
	closed := errors.Is(err, coro.ErrClosed)
	if closed {
		w.refused++
	}
	switch {
	case w.dropsValue:
		in = nil
	case w.lateIn:
		in, w.in = w.in, in
	}
	if w.throwsAgain && err == nil {
		err = w.thrown
	}
	w.thrown = err
	if w.dropsError && !closed || closed && (w.closesSoftly || w.forgetsClosed && w.refused > 1) {
		err = nil
	}
	return in, err
}

func (w *wrongCoro) Send(v any) (any, bool) {
	w.finish()
	if w.unbegunSends && w.closed && !w.started {
		panic("send on closed channel")
	}
	if w.left != nil {
		return nil, false
	}
	if w.shared {
		w.c = lastCoro
	}
	if w.sharesIn && w.started && !w.ended && !w.closed {
		first := longest()
		return first.handOut(func() (any, bool) { return first.c.Send(v) })
	}
	if w.eager && !w.started {
		w.started = true
		return w.out, w.ahead
	}
	w.started = true
	return w.handOut(func() (any, bool) { return w.c.Send(v) })
}

func (w *wrongCoro) Throw(err error) (any, bool) {
	if w.endsOnError {
		w.c.Throw(err)
		w.c.Close()
		return nil, false
	}
	if w.throwLeaves && !w.started {
		w.left = err
		return nil, false
	}
	if w.ownThrown && !w.started {
		w.left = coro.ErrNotStarted
		return w.c.Throw(err)
	}
	if w.throwsLate && !w.started {
		w.started = true
		w.c.Send(nil)
	}
	return w.handOut(func() (any, bool) { return w.c.Throw(err) })
}

// lastCoro is the one that was made last.
var lastCoro *coro.Coro

// waiting are the coroutines that wait at the channel that all share, the longest first.
var waiting []*wrongCoro

// longest is the one that gets what is sent into that channel. Some have ended otherwise.
func longest() *wrongCoro {
	waiting = slices.DeleteFunc(waiting, func(w *wrongCoro) bool {
		_, err := w.c.Result()
		return !errors.Is(err, coro.ErrNotFinished)
	})
	first := waiting[0]
	waiting = waiting[1:]
	return first
}

// handOut is what Send and Throw return of a resumption.
func (w *wrongCoro) handOut(resume func() (any, bool)) (any, bool) {
	if w.ended && w.hangsAtEnd {
		<-make(chan any)
	}
	out, more := resume()
	w.ended = !more
	if w.sharesIn && more {
		waiting = append(waiting, w)
	}
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
	case w.nilIsEnd && out == nil:
		return nil, false
	case w.alwaysMore:
		return out, true
	}
	return out, more
}

func (w *wrongCoro) Close() {
	switch {
	case w.noClose, w.closesBegun && !w.started, w.left != nil:
		return
	case w.closeHangs && w.ended, w.secondHangs && w.closed:
		<-make(chan any)
	case w.closesOnce && w.closed:
		panic("close of closed channel")
	case w.runsToClose && !w.started:
		w.c.Send(nil)
	}
	w.closed = true
	if !w.closesLate {
		w.c.Close()
	}
}

// finish does what Close has put off.
func (w *wrongCoro) finish() {
	if w.closed {
		w.c.Close()
	}
}

func (w *wrongCoro) Result() (any, error) {
	v, err := w.c.Result()
	var panicked *coro.PanicError
	switch {
	case w.noResult, w.earlyResult && errors.Is(err, coro.ErrNotFinished), w.goexitIsEnd && errors.Is(err, coro.ErrGoexit),
		w.panicIsEnd && errors.As(err, &panicked):
		return nil, nil
	case w.left != nil:
		return nil, w.left
	case w.closeForgets && w.closed && !w.started:
		return nil, coro.ErrClosed
	case w.goexitGoesOn && errors.Is(err, coro.ErrGoexit):
		return nil, coro.ErrNotFinished
	case w.closedIsWell && w.started && errors.Is(err, coro.ErrClosed):
		return v, nil
	case w.unbegunResult && !w.started && errors.Is(err, coro.ErrNotFinished):
		return nil, nil
	case w.closedLoses && w.started && w.closed && !w.ended:
		return nil, coro.ErrClosed
	case w.closedCalm && w.closed && errors.As(err, &panicked):
		return nil, coro.ErrClosed
	case w.panicReturns && errors.As(err, &panicked):
		if e, is := panicked.Value.(error); is {
			return nil, e
		}
	case w.noError && !errors.Is(err, coro.ErrNotFinished) && !errors.As(err, &panicked) && !errors.Is(err, coro.ErrGoexit):
		return v, nil
	case w.onlyWords && errors.As(err, &panicked):
		words, _ := panicked.Value.(string)
		return nil, errors.New(words)
	case w.valueOrError && err != nil:
		return nil, err
	case w.closedIsEnd && !w.started && w.closed:
		return nil, nil
	case w.dropsPanic && errors.As(err, &panicked):
		return nil, errors.New("the body panicked")
	case w.goexitHangs && errors.Is(err, coro.ErrGoexit):
		<-make(chan any)
	}
	return v, err
}
