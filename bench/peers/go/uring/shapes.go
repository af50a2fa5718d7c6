package main

// Three ways to send back what was received.

import (
	"errors"
	"iter"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// onCallbacks sends the kernel's own buffer back as soon as it comes.
func onCallbacks(address string) error {
	var s *server
	s, err := newServer(address, func(c *conn) {
		sending := false // the first of received
		c.changed = func() {
			if len(c.rest) > 0 {
				return
			}
			if sending {
				sending = false
				s.drop(c)
			}
			if len(c.received) > 0 {
				sending = true
				s.send(c, s.of(c.received[0]))
			} else if c.ended {
				_ = s.close(c)
			}
		}
	})
	for err == nil {
		err = s.turn(-1, true)
	}
	return err
}

// onCoroutines has a coroutine for each connection, with a buffer of its own.
func onCoroutines(address string) error {
	var s *server
	var ready []func() (struct{}, bool)
	s, err := newServer(address, func(c *conn) {
		waiting := false
		resume, _ := iter.Pull(func(yield func(struct{}) bool) {
			_ = s.echo(c, func() error { waiting = true; yield(struct{}{}); return nil })
		})
		c.changed = func() {
			if waiting {
				waiting = false
				ready = append(ready, resume)
			}
		}
		resume()
	})
	for err == nil {
		err = s.turn(-1, true)
		for _, resume := range ready {
			resume()
		}
		ready = ready[:0]
	}
	return err
}

// onTasks has a task for each connection, on the engine's loop, and a future for each wait.
func onTasks(address string) error {
	var l *loop.Loop
	var s *server
	s, err := newServer(address, func(c *conn) {
		var waiter *future.Future
		c.changed = func() {
			if waiter != nil {
				_ = waiter.SetResult(nil)
				waiter = nil
			}
		}
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			return nil, s.echo(c, func() error {
				waiter = future.New(l)
				_, err := task.Await(yield, waiter)
				return err
			})
		})
	})
	if err != nil {
		return err
	}
	if l, err = loop.New(loop.Options{Selector: &turns{server: s}}); err != nil {
		return err
	}
	defer l.Expect()()
	return l.Run()
}

// echo is what a connection's coroutine or task does. wait returns when something changed.
func (s *server) echo(c *conn, wait func() error) error {
	own := newBuffer()
	for {
		for len(c.received) == 0 {
			if c.ended {
				return s.close(c)
			}
			if err := wait(); err != nil {
				return err
			}
		}
		n := copy(own, s.of(c.received[0]))
		s.drop(c)
		s.send(c, own[:n])
		for len(c.rest) > 0 {
			if err := wait(); err != nil {
				return err
			}
		}
	}
}

// newBuffer is not inlined, so that the buffer isn't on the coroutine's stack, which moves.
//
//go:noinline
func newBuffer() []byte { return make([]byte, bufferSize) }

// turns is a Selector that finishes futures while it selects, and never has a descriptor
// that is ready.
type turns struct {
	*server
	keep bool
}

func (t *turns) KeepProcessor(keep bool) { t.keep = keep }

func (t *turns) Select(timeout time.Duration) ([]selector.Ready, error) {
	return nil, t.turn(timeout, t.keep)
}

func (t *turns) Register(int, selector.Events, any) error { return errors.ErrUnsupported }
func (t *turns) Modify(int, selector.Events, any) error   { return errors.ErrUnsupported }
func (t *turns) Unregister(int) error                     { return errors.ErrUnsupported }
func (t *turns) Wake() error                              { return errors.ErrUnsupported }
func (t *turns) Close() error                             { return unix.Close(t.ring.fd) }
