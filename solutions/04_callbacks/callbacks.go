// Package callbacks is a solution of lesson 04: run callbacks when there is a
// reason to.
package callbacks

import (
	"fmt"
	"os"
	"time"

	"stepwise/pkg/lesson"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// Loop runs callbacks, all of them in the one goroutine that runs the loop.
type Loop struct {
	selector selector.Selector
	ready    []func() // run in order; a round takes only what was here at its start
	readers  map[int]*reader
	running  bool // a round is on its way
	stopped  bool // taken back when Run returns
	closed   bool
}

// reader is what one AddReader began.
type reader struct {
	fn      func()
	removed bool // by RemoveReader; what is in the queue looks at it
}

// New makes a loop on s.
func New(s selector.Selector) lesson.EventLoop {
	return &Loop{selector: s, readers: map[int]*reader{}}
}

// CallSoon puts fn behind all that is ready.
func (l *Loop) CallSoon(fn func()) { l.ready = append(l.ready, fn) }

// AddReader runs fn in each round in which fd is readable.
func (l *Loop) AddReader(fd int, fn func()) error {
	r := &reader{fn: fn}
	if err := l.selector.Register(fd, selector.Read, r); err != nil {
		return err
	}
	l.readers[fd] = r
	return nil
}

// RemoveReader ends what AddReader began.
func (l *Loop) RemoveReader(fd int) bool {
	r := l.readers[fd]
	if r == nil {
		return false
	}
	r.removed = true
	delete(l.readers, fd)
	_ = l.selector.Unregister(fd) // fails only for what it has lost already
	return true
}

// Round selects once, and runs what is ready.
func (l *Loop) Round() error {
	if err := l.refuses(); err != nil {
		return err
	}
	l.running = true
	defer func() { l.running = false }()
	timeout := time.Duration(-1)
	if len(l.ready) > 0 || l.stopped {
		timeout = 0
	}
	ready, err := l.selector.Select(timeout)
	if err != nil {
		return err
	}
	for _, e := range ready {
		r := e.Data.(*reader)
		l.CallSoon(func() {
			if !r.removed {
				r.fn()
			}
		})
	}
	batch := l.ready
	l.ready = nil
	for _, fn := range batch {
		call(fn)
	}
	return nil
}

// refuses says why there can be no round now.
func (l *Loop) refuses() error {
	switch {
	case l.closed:
		return loop.ErrClosed
	case l.running:
		return loop.ErrRunning
	case len(l.ready) == 0 && len(l.readers) == 0 && !l.stopped:
		return loop.ErrDeadlock
	}
	return nil
}

// call is the only place where callbacks run.
func call(fn func()) {
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintln(os.Stderr, "callback panicked:", v)
		}
	}()
	fn()
}

// Run runs rounds until Stop.
func (l *Loop) Run() error {
	for {
		if err := l.Round(); err != nil {
			return err
		}
		if l.stopped {
			l.stopped = false
			return nil
		}
	}
}

// Stop makes Run return when the round is over.
func (l *Loop) Stop() { l.stopped = true }

// Close closes the selector.
func (l *Loop) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	return l.selector.Close()
}
