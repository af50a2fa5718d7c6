// Package coro is a function that can pause: what Python calls a generator
// with send() and throw().
//
// The body calls yield to hand a value out and to sleep where it stands, its
// whole stack with it; Send wakes it and hands a value in. No scheduler is
// involved: Send runs the body, in the caller's goroutine, until its next yield.
//
//	c := coro.New(func(yield coro.Yield) (any, error) { return yield("out") })
//	defer c.Close()
//	out, more := c.Send(nil) // runs the body up to its yield: "out", true
//	out, more = c.Send("in") // wakes it with "in", and it returns: nil, false
//	value, err := c.Result() // "in", nil
//
// A coroutine that was begun and neither finished nor closed holds its goroutine
// forever: if you make one, close it.
package coro

import (
	"errors"
	"fmt"
	"iter"
	"sync/atomic"

	"stepwise/pkg/probe"
)

// What a coroutine refuses.
var (
	ErrRunning     = errors.New("coroutine is running")
	ErrNotRunning  = errors.New("yield of a coroutine that is not running")
	ErrNotStarted  = errors.New("coroutine has not started: there is no yield to receive a value")
	ErrNotFinished = errors.New("coroutine has not finished")
	ErrClosed      = errors.New("coroutine was closed")
	ErrGoexit      = errors.New("coroutine ended its goroutine (runtime.Goexit)")
)

// Yield pauses the body: out goes to the caller that resumed it, and the next Send or
// Throw comes back, as a value or an error. ErrClosed says that nothing will ever
// resume the body again: return. Only the body that was given a Yield may call it, in its
// own goroutine. Anywhere else, even in a goroutine that the body has started while it
// runs, a Yield does nothing and returns ErrNotRunning.
type Yield func(out any) (in any, err error)

// Body is the function that can pause.
type Body func(yield Yield) (any, error)

type state uint8

const (
	created state = iota
	suspended
	running
	finished
)

// Coro is a coroutine on iter.Pull, whose goroutine runs only while its caller waits.
// Any goroutine may use it, one at a time. A goroutine that locks itself to its thread
// (runtime.LockOSThread) must do so before New, and stay locked: otherwise the runtime
// ends the program.
type Coro struct {
	body    Body
	pool    *Pool // lends the stack; nil if the coroutine has its own
	resume  func() (any, bool)
	stop    func()
	state   state
	closing bool // Close has begun: yields are refused
	refused int  // how many yields were

	onYield func(out any) // see OnYield

	goroutine atomic.Uintptr // that body runs in; 0 before and after
	own       Yield          // what body was given; set before goroutine

	in  any   // what the pending yield returns
	err error // and its error

	value  any   // the body's result, set when state = finished
	result error // its error, likewise
}

// New makes a coroutine; nothing of body runs before the first Send. It panics
// if body is nil.
func New(body Body) *Coro {
	if body == nil {
		panic("coro: New: body is nil")
	}
	c := &Coro{body: body}
	c.resume, c.stop = iter.Pull(c.run)
	return c
}

// Send wakes the body with v and runs it to its next yield: out is what it yielded, and
// more is true. When the body has returned, more is false, and Result has what it
// returned. The first Send starts the body and must send nil. Send panics on a
// coroutine that is running (ErrRunning), and for a value that has nowhere to go
// (ErrNotStarted).
func (c *Coro) Send(v any) (out any, more bool) {
	if c.state == suspended { // nearly always: step, without the call
		c.state, c.in = running, v
		out, more = c.resume()
		return out, more && c.state != finished // a stack that was lent goes on
	}
	if c.state == created && v != nil {
		panic(fmt.Errorf("coro: Send of %v: %w", v, ErrNotStarted))
	}
	return c.step("Send", v, nil)
}

// Throw is Send with an error: the pending yield returns err. A coroutine that has not
// started ends with err, and its body never runs. Throw panics if err is nil or the
// coroutine is running.
func (c *Coro) Throw(err error) (out any, more bool) {
	if err == nil {
		panic("coro: Throw: error is nil")
	}
	if c.state == created {
		c.unmake()
		c.state, c.result = finished, err
	}
	return c.step("Throw", nil, err)
}

func (c *Coro) step(op string, v any, err error) (any, bool) {
	switch c.state {
	case running:
		panic(fmt.Errorf("coro: %s: %w", op, ErrRunning))
	case finished:
		return nil, false
	case created:
		if c.pool != nil {
			c.pool.lend(c)
		}
	}
	c.state, c.in, c.err = running, v, err
	out, more := c.resume()
	return out, more && c.state != finished
}

// unmake ends the stack of a coroutine that was not begun.
func (c *Coro) unmake() {
	if c.pool == nil {
		c.stop()
	}
}

// OnYield has the body call fn with what it yields, whenever it pauses: so fn sees the
// whole stack that is set aside. It is for recordings; fn must not yield. nil ends it.
func (c *Coro) OnYield(fn func(out any)) { c.onYield = fn }

// Close ends the coroutine. The pending yield and all later ones return ErrClosed, so
// that the body can clean up and return. If the coroutine has not started, its body
// never runs. On a finished coroutine Close does nothing; on a running one it panics
// with ErrRunning.
func (c *Coro) Close() {
	switch c.state {
	case running:
		panic(fmt.Errorf("coro: Close: %w", ErrRunning))
	case finished:
		return
	case created:
		c.state, c.result = finished, ErrClosed
		c.unmake()
	case suspended:
		c.state, c.closing = running, true
		c.stop()
	}
}

// Result is what the body returned; its error is a *PanicError if it panicked. Before
// the end the error is ErrNotFinished.
func (c *Coro) Result() (any, error) {
	if c.state != finished {
		return nil, fmt.Errorf("coro: Result: %w", ErrNotFinished)
	}
	return c.value, c.result
}

// run is what iter.Pull pulls from. A panic is recovered here, inside the coroutine:
// iter.Pull would pass it on without its stack.
func (c *Coro) run(push func(any) bool) {
	returned := false
	defer func() {
		c.state = finished
		c.goroutine.Store(0) // another may get its number
		if returned {
			return
		}
		if v := recover(); v != nil {
			c.value, c.result = nil, &PanicError{v, probe.Stack()}
		} else {
			c.value, c.result = nil, ErrGoexit
		}
	}()
	c.own = c.yield(push)
	c.goroutine.Store(self())
	c.value, c.result = c.body(c.own)
	returned = true
}

// yield makes the function that the body gets. It is a single call, since every pause
// pays for it. Who calls is asked, and not whether c runs: iter.Pull would set any other
// goroutine aside in place of the body, which would then run beside its own caller.
func (c *Coro) yield(push func(any) bool) Yield {
	return func(out any) (any, error) {
		if c.goroutine.Load() != self() {
			return nil, fmt.Errorf("coro: %w", ErrNotRunning)
		}
		if c.closing {
			return nil, c.refuse()
		}
		if c.onYield != nil {
			c.onYield(out)
		}
		c.state = suspended
		if !push(out) {
			return nil, ErrClosed
		}
		in, err := c.in, c.err
		c.in, c.err = nil, nil
		return in, err
	}
}

// refuse loses patience with a body that keeps yielding after Close: it would keep Close
// waiting forever.
func (c *Coro) refuse() error {
	const patience = 1000
	c.refused++
	if c.refused > patience {
		panic(fmt.Errorf("coro: the body yields on after %d refusals: %w", patience, ErrClosed))
	}
	return ErrClosed
}
