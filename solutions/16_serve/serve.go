// Package serve is a solution of lesson 16: a server that accepts as many clients as it has
// places for, and shuts down without losing a request.
package serve

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// server is what the task of Serve and those of its connections share.
type server struct {
	listener *sock.Socket
	answer   func(yield coro.Yield, s *sock.Socket) error
	places   *wait.Semaphore
	conns    map[*conn]bool // those whose task has not ended
	empty    wait.Event     // there are none
	going    bool           // it is being shut down
}

type conn struct {
	s    *sock.Socket
	task *task.Task
	idle bool // it waits for a question
}

// Serve answers the clients of listener, at most most of them at a time, until it is
// canceled. Then it lets those finish who have asked.
func Serve(yield coro.Yield, listener *sock.Socket, answer func(yield coro.Yield, s *sock.Socket) error, most int) error {
	v := &server{listener: listener, answer: answer, places: wait.NewSemaphore(most), conns: map[*conn]bool{}}
	err := v.acceptAll(yield)
	if errors.Is(err, future.ErrCanceled) {
		v.acceptRest()
	}
	v.shutDown()
	for len(v.conns) > 0 {
		v.empty.Clear()
		if v.empty.Wait(yield) != nil { // canceled again
			for c := range v.conns {
				c.task.Cancel()
			}
		}
	}
	return err
}

func (v *server) acceptAll(yield coro.Yield) error {
	for {
		if err := v.places.Acquire(yield); err != nil {
			return err
		}
		s, err := v.accept(yield)
		if err != nil {
			v.places.Release()
			return err
		}
		v.start(s)
	}
}

// accept waits for a client.
func (v *server) accept(yield coro.Yield) (*sock.Socket, error) {
	for {
		s, err := v.listener.TryAccept()
		switch {
		case err == unix.EAGAIN:
			err = stages.Ready(yield, v.listener, selector.Read)
		case errors.Is(err, unix.ECONNABORTED):
			err = nil
		case errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE):
			err = task.Sleep(yield, 100*time.Millisecond)
		default:
			return s, err
		}
		if err != nil {
			return nil, err
		}
	}
}

// acceptRest takes those from the queue for whom there is a place.
func (v *server) acceptRest() {
	for !v.places.Locked() {
		s, err := v.listener.TryAccept()
		if err == nil {
			v.places.TryAcquire()
			v.start(s)
		} else if !errors.Is(err, unix.ECONNABORTED) {
			return
		}
	}
}

// start gives s a task. What belongs to it ends with the task, however that ends, and even
// if it never begins.
func (v *server) start(s *sock.Socket) {
	c := &conn{s: s}
	v.conns[c] = true
	c.task = task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return nil, v.talk(yield, c) })
	c.task.AddDoneCallback(func() {
		c.task.Result() // nobody else needs its error
		s.Close()
		delete(v.conns, c)
		v.places.Release()
		if len(v.conns) == 0 {
			v.empty.Set()
		}
	})
}

// talk answers what c asks. Once the server is being shut down, it answers what has come.
func (v *server) talk(yield coro.Yield, c *conn) error {
	for !v.going || c.s.Arrived() {
		c.idle = true
		err := stages.Ready(yield, c.s, selector.Read)
		c.idle = false
		if err == nil {
			err = v.answer(yield, c.s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *server) shutDown() {
	v.going = true
	v.listener.Close()
	for c := range v.conns {
		if c.idle && !c.s.Arrived() {
			c.task.Cancel()
		}
	}
}
