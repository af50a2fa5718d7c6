// Package coroutine is the exercise of lesson 06: a function that can pause.
package coroutine

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
)

// Coroutine is a body that runs on a stack of its own: a goroutine with two
// channels, one for what goes in, one for what comes out. (iter.Pull is another
// way.) One side runs at a time; the other waits for it.
type Coroutine struct{}

// New makes a coroutine. Nothing of body runs before the first Send. The yield
// that body gets hands its argument out and waits; it returns what is sent or
// thrown next, or coro.ErrClosed once the coroutine is closed.
func New(body coro.Body) lesson.Generator {
	return &Coroutine{}
}

// Send wakes the body with v and runs it to its next yield, whose argument it
// returns, and true; or nil and false, when the body ends or has ended: then the
// Result is there, also after a panic. The first Send begins the body: there is no
// yield yet that could return v.
func (c *Coroutine) Send(v any) (out any, more bool) {
	return nil, false
}

// Throw is Send with an error: the yield at which the body sleeps returns it, and no
// later one. A body that has not begun never does.
func (c *Coroutine) Throw(err error) (out any, more bool) {
	return nil, false
}

// Close ends the body where it stands and returns when it is gone, with its
// defers run. A body that has not begun never does. What it yields on the way
// is dropped. After Close, Send and Throw return nil and false, and a second Close
// does nothing.
func (c *Coroutine) Close() {}

// Result is what the body returned, both the value and the error. Before the end it is
// an error. If the body never ran, it is the error that was thrown, or coro.ErrClosed.
// It is an error that says so if the body panicked, such as *coro.PanicError, or called
// runtime.Goexit.
func (c *Coroutine) Result() (any, error) {
	return nil, lesson.ErrTODO
}
