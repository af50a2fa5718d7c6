package coro

import "iter"

// A coroutine's stack is a goroutine. To make one, and to end it, costs more than to run a
// short body on it; so a loop that begins and ends many tasks keeps some.

// A Pool makes coroutines whose stacks are used again when their bodies have ended. A
// stack is made at the first Send that finds none idle, in the goroutine that calls Send.
// Only one goroutine at a time may use a Pool and its coroutines. The zero Pool is ready;
// Drain it when you no longer need it.
type Pool struct{ idle []*stack }

// mostIdle bounds what a burst of coroutines leaves behind: about 3 MB.
const mostIdle = 1024

// stack is a goroutine that runs one body after the other.
type stack struct {
	resume func() (any, bool)
	stop   func()
	next   *Coro // the one to run
}

// New is the package's New, on a stack of the Pool.
func (p *Pool) New(body Body) *Coro { return p.Init(new(Coro), body) }

// Init is New for a Coro that is part of something larger, such as a task, and so costs no
// allocation. c must be as it was declared. Init returns c.
func (p *Pool) Init(c *Coro, body Body) *Coro {
	if body == nil {
		panic("coro: New: body is nil")
	}
	c.body, c.pool = body, p
	return c
}

// Drain ends the stacks that are idle. The Pool can still be used.
func (p *Pool) Drain() {
	for _, s := range p.idle {
		s.stop()
	}
	p.idle = nil
}

// lend gives c a stack, for its first step.
func (p *Pool) lend(c *Coro) {
	var s *stack
	if last := len(p.idle) - 1; last >= 0 {
		s, p.idle[last], p.idle = p.idle[last], nil, p.idle[:last]
	} else {
		s = p.newStack()
	}
	s.next, c.resume, c.stop = c, s.resume, s.stop
}

// newStack makes a stack. iter.Pull pulls from a function that, after a body has returned,
// yields once more, so that its caller goes on, and waits there for the next one. A body
// that was closed has used up the stack: iter.Pull can't be resumed after that.
func (p *Pool) newStack() *stack {
	s := &stack{}
	s.resume, s.stop = iter.Pull(func(push func(any) bool) {
		for {
			c := s.next
			s.next = nil
			c.run(push)
			if c.closing || !p.keep(s) || !push(nil) {
				return
			}
		}
	})
	return s
}

// keep stays a call: what it needs must not add to the depth of every body.
//
//go:noinline
func (p *Pool) keep(s *stack) bool {
	if len(p.idle) >= mostIdle {
		return false
	}
	p.idle = append(p.idle, s)
	return true
}
