// Package coroutine is a solution of lesson 06: a function that can pause.
package coroutine

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
)

// message goes in: a value that was sent, or an error that was thrown.
type message struct {
	value any
	err   error
}

// Coroutine is a goroutine with two channels. One side runs at a time.
type Coroutine struct {
	in       chan message // closed by Close
	out      chan any     // closed when the body has ended, after value and err are set
	finished bool         // the caller has seen the end
	value    any
	err      error
}

// New makes a coroutine.
func New(body coro.Body) lesson.Generator {
	c := &Coroutine{in: make(chan message), out: make(chan any), err: coro.ErrGoexit}
	go c.run(body)
	return c
}

// run is the goroutine: it waits for the first message, and then is the body. It closes out
// when value and err are set, also after a panic: call recovers it before that. With both
// defers in one function, the close must come first, since the last defer runs first.
func (c *Coroutine) run(body coro.Body) {
	defer close(c.out)
	switch first, open := <-c.in; {
	case !open:
		c.err = coro.ErrClosed
	case first.err != nil:
		c.err = first.err
	default:
		c.call(body)
	}
}

func (c *Coroutine) call(body coro.Body) {
	defer func() {
		if v := recover(); v != nil {
			c.value, c.err = nil, &coro.PanicError{Value: v}
		}
	}()
	c.value, c.err = body(c.yield)
}

func (c *Coroutine) yield(out any) (any, error) {
	c.out <- out
	m, open := <-c.in
	if !open {
		return nil, coro.ErrClosed
	}
	return m.value, m.err
}

// Send wakes the body with v.
func (c *Coroutine) Send(v any) (any, bool) { return c.resume(message{value: v}) }

// Throw wakes the body with err.
func (c *Coroutine) Throw(err error) (any, bool) { return c.resume(message{err: err}) }

func (c *Coroutine) resume(m message) (any, bool) {
	if c.finished {
		return nil, false
	}
	c.in <- m
	return c.next()
}

func (c *Coroutine) next() (any, bool) {
	out, more := <-c.out
	c.finished = !more
	return out, more
}

// Close ends the body where it stands.
func (c *Coroutine) Close() {
	if c.finished {
		return
	}
	close(c.in)
	for more := true; more; {
		_, more = c.next()
	}
}

// Result is what the body returned.
func (c *Coroutine) Result() (any, error) {
	if !c.finished {
		return nil, coro.ErrNotFinished
	}
	return c.value, c.err
}
