// Package sock is what a task does with sockets: connect, send, read, read all, accept.
//
// Each verb is a function that takes the coroutine's yield first, so a signature shows
// what may pause. It tries the system call, and if that returns EAGAIN it waits for the
// selector and tries again. A Socket belongs to its loop: only tasks of that loop may use
// it.
//
//	s, err := sock.Connect(yield, "127.0.0.1:7")
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	if err := sock.Send(yield, s, []byte("hello")); err != nil {
//		return err
//	}
//	data, err := sock.Read(yield, s)
package sock

import (
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/site"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// What a Socket refuses, each inside a *net.OpError. On a closed socket the error is
// net.ErrClosed.
var (
	ErrBusy     = errors.New("another task does that already")
	ErrBlocking = errors.New("descriptor is in blocking mode: one call would stop the whole loop")
	ErrTooLong  = errors.New("more data than the limit allows")
	ErrLimit    = errors.New("limit is negative")
)

// Socket is a non-blocking stream socket on a loop: a connection, or a listener.
//
// Invariants: fd = -1 ⇔ closed; a side's callback is registered with the loop only while
// fd ≥ 0; a side has at most one waiter.
type Socket struct {
	loop   *loop.Loop
	fd     int
	read   side
	write  side
	remote net.Addr
	bound  *bound // the file of a unix socket, removed at Close; nil if it has none
	budget wait.Budget
	turns  *wait.Semaphore // for Accept, one at a time; nil before the first
	place  site.Place      // on the loop
	lost   error           // why the connection has broken, if the kernel has said so; otherwise nil
}

// side is one direction of a Socket.
type side struct {
	event   selector.Events
	busy    bool           // a verb runs
	watched bool           // the loop has our callback
	drained bool           // the last receive came up short: the next would be EAGAIN
	expired bool           // the deadline has passed: every attempt fails
	waiter  *future.Future // pending while a verb waits; else nil, or that of the last wait
	tried   uint64         // the loop's round in the last attempt
	by      any            // the task that runs the verb; nil if it is none, or not busy
	timer   *loop.Timer    // will call expire; nil if it won't
}

// FD is the descriptor, -1 once s is closed. s still owns it.
func (s *Socket) FD() int { return s.fd }

// Loop is the loop that s belongs to.
func (s *Socket) Loop() *loop.Loop { return s.loop }

// RemoteAddr is the peer's address; nil for a listener.
func (s *Socket) RemoteAddr() net.Addr { return s.remote }

// LocalAddr is our own address; nil once s is closed.
func (s *Socket) LocalAddr() net.Addr {
	sa, err := s.loop.Calls().LocalName(s.fd)
	if err != nil {
		return nil
	}
	return addr(sa)
}

// CloseWrite tells the peer that nothing more comes: the peer reads the end, and can
// still send to us. shutdown(2).
func (s *Socket) CloseWrite() error {
	if s.fd < 0 {
		return s.opError("close write", net.ErrClosed)
	}
	return s.opError("close write", s.loop.Calls().Shutdown(s.fd, unix.SHUT_WR))
}

// claim refuses a second verb in the same direction while one runs: their bytes would mix.
func (s *Socket) claim(yield coro.Yield, d *side) error {
	if yield == nil {
		return task.ErrNoTask
	}
	if err := s.free(d); err != nil {
		return err
	}
	d.busy, d.by = true, s.loop.Site().Stepped()
	return nil
}

func (s *Socket) free(d *side) error {
	switch {
	case s.fd < 0:
		return net.ErrClosed
	case d.busy:
		return d.refuse()
	}
	return nil
}

func (d *side) refuse() error {
	if d.by == nil {
		return ErrBusy
	}
	return fmt.Errorf("%w: %v", ErrBusy, d.by)
}

func (d *side) release() { d.busy, d.by = false, nil }

// retry repeats the attempt until its answer is something other than "not now", and waits
// for the selector in between. EINTR says nothing about the attempt.
func (s *Socket) retry(yield coro.Yield, d *side, attempt func() error) error {
	for {
		if err := s.turn(yield); err != nil {
			return err
		}
		if d.expired {
			return os.ErrDeadlineExceeded
		}
		d.tried = s.loop.Rounds()
		err := attempt()
		switch err {
		case unix.EAGAIN:
			if err := s.wait(yield, d); err != nil {
				return err
			}
		case unix.EINTR:
		default:
			return err
		}
	}
}

// wait pauses until the selector says that d's direction is possible.
//
// The callback stays registered afterwards, so a task that reads in a loop costs no
// epoll_ctl per message. It is removed when an event comes and no task waits, or when the
// wait ends in an error.
func (s *Socket) wait(yield coro.Yield, d *side) error {
	if !d.watched {
		if err := s.watch(d); err != nil {
			return err
		}
	}
	s.budget.Renew()
	_, err := task.Await(yield, s.newWaiter(d))
	if err != nil {
		d.waiter = nil // whoever ended it may know it still
		s.unwatch(d)
	}
	if s.fd < 0 {
		return net.ErrClosed
	}
	return err
}

// newWaiter is the Future of a wait: that of the last one, made pending again, if that wait
// ended because the direction became possible (sys.KeepFutures). Then its task was the only
// one that held it, and has let go of it as its Await returned. A Future whose wait was
// canceled, or cut short in another way, is never used again: a late result for it must not
// wake the next wait. So a task that reads in a loop leaves no garbage: 128 bytes a message.
func (s *Socket) newWaiter(d *side) *future.Future {
	if !s.loop.Uses(sys.KeepFutures) || !d.waiter.Reset() {
		d.waiter = future.New(s.loop)
	}
	d.waiter.Name(s.waitsFor(d))
	return d.waiter
}

// waits reports whether a verb waits in d's direction.
func (d *side) waits() bool { return d.waiter != nil && !d.waiter.Done() }

// watch registers d's callback. The way to the kernel is deep, so it is gone on the loop's
// stack.
func (s *Socket) watch(d *side) (err error) {
	add := s.loop.AddReader
	if d.event == selector.Write {
		add = s.loop.AddWriter
	}
	task.OnLoop(s.loop, func() { err = add(s.fd, func() { s.possible(d) }) })
	d.watched = err == nil
	return err
}

// possible runs when the selector has an event for d.
func (s *Socket) possible(d *side) {
	if d.tried == s.loop.Rounds() {
		return // the event is older than the attempt; if it still holds, it comes again
	}
	if !d.waits() { // a level-triggered selector would repeat the event forever
		s.unwatch(d)
		return
	}
	_ = d.waiter.SetResult(nil)
}

func (s *Socket) unwatch(d *side) {
	if !d.watched {
		return
	}
	d.watched = false
	if d.event == selector.Read {
		s.loop.RemoveReader(s.fd)
	} else {
		s.loop.RemoveWriter(s.fd)
	}
}

// turn comes before a call that may not have to wait. Otherwise a peer that is
// always ready would starve every other task.
func (s *Socket) turn(yield coro.Yield) error {
	err := s.budget.Spend(yield)
	if err == nil && s.fd < 0 { // closed while the others had their turn
		return net.ErrClosed
	}
	return err
}
