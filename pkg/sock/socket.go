// Package sock is what a task does with sockets: connect, send, read, read all, accept.
//
// Each verb is a function that takes the coroutine's yield first, so a signature shows
// what may pause. It tries the system call, and if that returns EAGAIN it waits for the
// selector and tries again. A Socket belongs to its loop: only tasks of that loop may use
// it.
package sock

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
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
}

// side is one direction of a Socket.
type side struct {
	event   selector.Events
	busy    bool           // a verb runs
	waiter  *future.Future // of the verb that waits; nil if none does
	watched bool           // the loop has our callback
	drained bool           // the last receive came up short: the next would be EAGAIN
	timer   *loop.Timer    // will call expire; nil if it won't
	expired bool           // the deadline has passed: every attempt fails
	tried   uint64         // the loop's round in the last attempt
}

func newSocket(l *loop.Loop, fd int, remote net.Addr) *Socket {
	s := &Socket{loop: l, fd: fd, remote: remote}
	s.read.event, s.write.event = selector.Read, selector.Write
	l.Site().Own((*owned)(s))
	if e := l.Site().Events(); e != nil {
		e.Opened(s, s)
	}
	return s
}

// FromFD makes a Socket of a stream socket that was opened elsewhere, and owns fd from
// then on. With an error, fd is still the caller's: ErrBlocking unless it is in
// non-blocking mode, ENOTSOCK, EBADF, loop.ErrClosed. In a World it is impossible.
func FromFD(l *loop.Loop, fd int) (*Socket, error) {
	fail := func(err error) (*Socket, error) {
		return nil, &net.OpError{Op: "fd " + strconv.Itoa(fd), Err: err}
	}
	if l == nil {
		return fail(loop.ErrNilLoop)
	}
	if l.Closed() {
		return fail(loop.ErrClosed)
	}
	if w := l.World(); w != nil {
		return fail(w.Impossible("a descriptor that was opened elsewhere"))
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	switch {
	case err != nil:
		return fail(err)
	case flags&unix.O_NONBLOCK == 0:
		return fail(ErrBlocking)
	}
	if _, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err != nil {
		return fail(err)
	}
	var remote net.Addr
	if sa, err := l.Calls().PeerName(fd); err == nil {
		remote = addr(sa)
	}
	return newSocket(l, fd, remote), nil
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

// Close releases the descriptor. Tasks that wait on s get net.ErrClosed, and so does a
// second Close.
func (s *Socket) Close() error {
	if e := s.loop.Site().Events(); e != nil {
		e.Closed(s)
	}
	return s.close()
}

func (s *Socket) close() error {
	if s.fd < 0 {
		return s.opError("close", net.ErrClosed)
	}
	// Unregister first: once closed, the number may belong to another file.
	for _, d := range []*side{&s.read, &s.write} {
		s.unwatch(d)
		d.stopTimer()
		d.endWait(net.ErrClosed)
	}
	s.loop.Site().Disown((*owned)(s))
	fd := s.fd
	s.fd = -1
	s.bound.remove()
	return s.opError("close", s.loop.Calls().Close(fd))
}

// endWait ends the wait of d with err, if there is one. The task that waits reads
// err: if it can't run any more, since the loop closes, nobody needs to be told.
func (d *side) endWait(err error) {
	if d.waiter != nil {
		_ = d.waiter.SetError(err)
		_, _ = d.waiter.Result()
		d.waiter = nil
	}
}

// owned is the side of a Socket that only its loop sees.
type owned Socket

// Close silently closes a Socket that was still open when its loop closed: the task that
// used it was ended too.
func (o *owned) Close() error {
	if e := o.loop.Site().Events(); e != nil {
		e.Abandoned((*Socket)(o))
	}
	return (*Socket)(o).close()
}

// readiness and writability are a Future's names for what a wait on a Socket waits for.
// They are the Socket itself, so that a wait allocates nothing for its name.
type (
	readiness   Socket
	writability Socket
)

func (r *readiness) Descriptor() (int, fmt.Stringer)   { return r.fd, selector.Read }
func (w *writability) Descriptor() (int, fmt.Stringer) { return w.fd, selector.Write }
func (r *readiness) String() string                    { return fmt.Sprintf("fd %d to read", r.fd) }
func (w *writability) String() string                  { return fmt.Sprintf("fd %d to write", w.fd) }

var _, _ probe.Descriptor = (*readiness)(nil), (*writability)(nil)

// waitsFor names what a wait in d's direction waits for.
func (s *Socket) waitsFor(d *side) fmt.Stringer {
	if d.event == selector.Read {
		return (*readiness)(s)
	}
	return (*writability)(s)
}

// claim refuses a second verb in the same direction while one runs: their bytes would mix.
func (s *Socket) claim(yield coro.Yield, d *side) error {
	switch {
	case yield == nil:
		return task.ErrNoTask
	case s.fd < 0:
		return net.ErrClosed
	case d.busy:
		return ErrBusy
	}
	d.busy = true
	return nil
}

func (d *side) release() { d.busy = false }

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
	f := future.New(s.loop)
	if err := s.watch(d); err != nil {
		return err
	}
	d.waiter = f
	s.budget.Renew()
	f.Name(s.waitsFor(d))
	_, err := task.Await(yield, f)
	if d.waiter == f {
		d.waiter = nil
	}
	if s.fd < 0 {
		return net.ErrClosed
	}
	if err != nil {
		s.unwatch(d)
	}
	return err
}

func (s *Socket) watch(d *side) error {
	if d.watched {
		return nil
	}
	add := s.loop.AddReader
	if d.event == selector.Write {
		add = s.loop.AddWriter
	}
	err := add(s.fd, func() { s.possible(d) })
	d.watched = err == nil
	return err
}

// possible runs when the selector has an event for d.
func (s *Socket) possible(d *side) {
	if d.tried == s.loop.Rounds() {
		return // the event is older than the attempt; if it still holds, it comes again
	}
	if d.waiter == nil { // a level-triggered selector would repeat the event forever
		s.unwatch(d)
		return
	}
	_ = d.waiter.SetResult(nil)
	d.waiter = nil
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

// opError puts err into the form of package net: "read 127.0.0.1:80: connection
// reset by peer".
func (s *Socket) opError(op string, err error) error {
	if err == nil {
		return nil
	}
	a := s.remote
	if a == nil && s.fd >= 0 {
		a = s.LocalAddr()
	}
	return &net.OpError{Op: op, Addr: a, Err: err}
}

// String names the socket in pictures and errors.
func (s *Socket) String() string {
	if s.fd < 0 {
		return "closed socket"
	}
	return fmt.Sprintf("socket fd %d", s.fd)
}
