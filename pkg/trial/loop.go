package trial

// How a case that needs a loop is run. Read check.go before it.

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// ErrWaits is what a case returns for code that waits for something that has
// happened already.
var ErrWaits = errors.New("the code still waits, although all it needs has happened")

// OnLoop runs body as a task on a loop of its own, on s if that isn't nil, and
// returns what body found wrong. It ends a body that hasn't returned after half
// of Patience, with an error that wraps ErrWaits.
func OnLoop(s selector.Selector, body func(yield coro.Yield, l *loop.Loop) error) error {
	return WithLoop(s, func(l *loop.Loop, _ func() error) error {
		var late error
		l.CallLater(Patience()/2, func() {
			late = &located{lateness(l), placesNow()}
			l.Stop()
		})
		_, err := task.Run(l, func(yield coro.Yield) (any, error) {
			return nil, caught(func() error { return body(yield, l) })
		})
		if late != nil {
			return late
		}
		return err
	})
}

// WithLoop gives body a loop of its own, on s if that isn't nil, and returns what
// body found wrong. It closes the loop, and with it what the judged code left on
// it. The first error that escaped into the loop, such as a callback's panic,
// takes precedence over body's, unless body found that the code waits; escaped
// returns it, or nil. If body finds nothing, a descriptor that was closed while the
// loop watched it is an error.
func WithLoop(s selector.Selector, body func(l *loop.Loop, escaped func() error) error) error {
	w, err := watch(s)
	if err != nil {
		return err
	}
	defer watchers.Delete(w.loop)
	l := w.loop
	var trouble error
	l.SetExceptionHandler(func(e loop.Exception) {
		if trouble == nil {
			at := placeIn(string(e.Stack))
			trouble = &located{fmt.Errorf("an error escaped into the loop: %s: %w", e.Message, e.Err), at}
		}
	})
	err = caught(func() error { return body(l, func() error { return trouble }) })
	if trouble != nil && !errors.Is(err, ErrWaits) {
		err = trouble
	}
	if err == nil {
		err = w.order()
	}
	l.SetExceptionHandler(func(loop.Exception) {}) // what failed code left behind is ended in silence
	_ = l.Close()
	return err
}

// Optioned is a selector that brings its loop's other options: a clock, system calls.
type Optioned interface{ Options() loop.Options }

// watch makes a loop on s, or on the kernel's selector if s is nil, and watches it.
func watch(s selector.Selector) (w *watcher, err error) {
	if s == nil {
		if s, err = selector.New(); err != nil {
			return nil, err
		}
	}
	w = &watcher{Selector: s}
	var o loop.Options
	if s, ok := s.(Optioned); ok {
		o = s.Options()
	}
	o.Selector = w
	if w.loop, err = loop.New(o); err == nil {
		watchers.Store(w.loop, w)
	}
	return w, err
}
