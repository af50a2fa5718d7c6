package lesson

// The rig of lessons 08 to 11: a connection to a server that behaves in some way,
// and ways to make code wait, or wake it for nothing. Read loop.go of package
// trial first.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// onLoop runs body as trial.OnLoop does. What ends body ends the case.
func onLoop(sel selector.Selector, body func(yield coro.Yield, l *loop.Loop)) {
	trial.Must(trial.OnLoop(sel, func(yield coro.Yield, l *loop.Loop) error {
		body(yield, l)
		return nil
	}))
}

// limit is how long a case waits for its server, which answers at once.
const limit = 10 * time.Second

// withPeer runs body as a trial on a connection to peer, which it closes.
func withPeer(sel selector.Selector, peer *faulty.Server, body func(yield coro.Yield, s *sock.Socket)) {
	defer peer.Close()
	onLoop(sel, func(yield coro.Yield, l *loop.Loop) {
		s, err := sock.Connect(yield, peer.Addr())
		trial.Must(err)
		defer s.Close()
		body(yield, s)
	})
}

// much is more than the buffers on the way can hold (see withSlowPeer).
const much = 1 << 20

// withSlowPeer is withPeer for a peer that reads nothing until it is released,
// with small buffers on the way.
func withSlowPeer(sel selector.Selector, body func(yield coro.Yield, s *sock.Socket, peer *faulty.Server)) {
	withSmallBuffers(sel, faulty.NeverReads(), body)
}

func withSmallBuffers(sel selector.Selector, peer *faulty.Server, body func(yield coro.Yield, s *sock.Socket, peer *faulty.Server)) {
	withPeer(sel, peer, func(yield coro.Yield, s *sock.Socket) {
		smallBuffer(s)
		body(yield, s, peer)
	})
}

// smallBuffer keeps the kernel from letting a send buffer grow to megabytes, which are slow
// to fill and empty on a busy machine.
func smallBuffer(s *sock.Socket) {
	trial.Must(unix.SetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_SNDBUF, 32<<10))
}

// rounds lets the loop go round n times.
func rounds(yield coro.Yield, n int) {
	for range n {
		trial.Must(task.Checkpoint(yield))
	}
}

// settles lets the loop go round until it sleeps. Code that keeps it from sleeping, while
// the peer is silent, fails.
func settles(yield coro.Yield, l *loop.Loop) { trial.Must(trial.Settle(yield, l)) }

// finishes expects t to end without further ado: all that it needs has happened.
func finishes(yield coro.Yield, t *task.Task, tried string) {
	settles(yield, t.Loop())
	if !t.Done() {
		fail(tried, "a wait that goes on", "an end: all that it needs has happened", trial.ErrWaits)
	}
}

// returned is a read in a task, and what it returned: a task keeps no value beside an error.
type returned struct {
	*task.Task
	got []byte
	err error
}

// note takes the Task's error for a read that has not returned: it panicked.
func (r *returned) note() {
	if _, err := r.Task.Result(); r.Task.Done() && err != nil && r.err == nil {
		r.err = err
	}
}

// ends is finishes for a read.
func (r *returned) ends(yield coro.Yield, tried string) {
	finishes(yield, r.Task, tried)
	r.note()
}

// arrives blocks until there is something to read, so that what a case finds
// doesn't depend on the server's speed.
func arrives(fd int) { polls(fd, unix.POLLIN) }

// breaks blocks until the connection has been reset.
func breaks(fd int) { polls(fd, 0) } // POLLERR and POLLHUP come unasked

func polls(fd int, events int16) {
	if fd < 0 { // poll overlooks it, and waits
		fail("look at the socket meanwhile", "a socket that is closed", "an open one: its owner closes it", nil)
	}
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	n, err := unix.Poll(fds, int(limit.Milliseconds()))
	for err == unix.EINTR {
		n, err = unix.Poll(fds, int(limit.Milliseconds()))
	}
	trial.Must(err)
	if n == 0 {
		trial.Must(fmt.Errorf("the server should have sent something, and did not for %v", limit))
	}
}

// pair is our end of a connection, and the peer's.
func pair() (fd int, peer *net.TCPConn) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	trial.Must(err)
	defer ln.Close()
	fd, err = connected(ln.Addr().String())
	trial.Must(err)
	c, err := ln.Accept()
	trial.Must(err)
	return fd, c.(*net.TCPConn)
}

// reset has the peer reset the connection, and blocks until our end has heard of it.
func reset(peer *net.TCPConn, fd int) {
	_ = peer.SetLinger(0)
	_ = peer.Close()
	breaks(fd)
}

// resets is our end of a connection, on which data has come, and a reset behind
// it.
func resets(data string) (fd int) {
	fd, peer := pair()
	if data != "" {
		_, err := io.WriteString(peer, data)
		trial.Must(err)
		arrives(fd)
	}
	reset(peer, fd)
	return fd
}

// cancels expects t, which does what was tried, to wait while nothing happens, and
// to end when it is canceled.
func cancels(yield coro.Yield, tried string, t *task.Task) {
	settles(yield, t.Loop())
	if t.Done() {
		_, err := t.Result()
		fail(tried, "an end at once, with "+trial.Said(err), "it to wait", err)
	}
	t.CancelCause(errEnough)
	tried += ", and cancel it for a reason while it waits"
	finishes(yield, t, tried)
	_, err := t.Result()
	wantError(tried, err, future.ErrCanceled)
	wantError(tried, err, errEnough)
}

// cancelsInTurn expects a task of body, which does what was tried, to end when it is
// canceled after its first turn.
func cancelsInTurn(yield coro.Yield, l *loop.Loop, tried string, body coro.Body) {
	t := task.Spawn(l, body)
	rounds(yield, 1)
	if !t.Cancel() {
		return // it has ended already
	}
	tried += ", and cancel it right after its first turn"
	finishes(yield, t, tried)
	_, err := t.Result()
	wantError(tried, err, future.ErrCanceled)
}

// errEnough is why what waits is canceled. The error is then more than future.ErrCanceled.
var errEnough = errors.New("the caller has had enough")

// stillOpen expects the code to have left the socket to its owner.
func stillOpen(s *sock.Socket) {
	if _, err := unix.FcntlInt(uintptr(s.FD()), unix.F_GETFL, 0); s.FD() < 0 || err != nil {
		fail("look at the socket after that", "a socket that is closed", "an open one: its owner closes it", err)
	}
}

// spurious is a selector that reports what is registered as ready, whether it is or
// not, before it asks the kernel: a wake-up is a permission to try, not a promise. It
// does that a few times for each descriptor, so that code which waits again comes to
// rest.
type spurious struct {
	selector.Selector
	lies map[int]selector.Ready
	told map[int]int // how often it has lied about a descriptor
}

const mostLies = 100

func newSpurious() *spurious {
	s, err := selector.New()
	trial.Must(err)
	return &spurious{s, map[int]selector.Ready{}, map[int]int{}}
}

// Register notes the lie to tell about fd.
func (s *spurious) Register(fd int, interest selector.Events, data any) error {
	err := s.Selector.Register(fd, interest, data)
	if err == nil && s.told[fd] < mostLies {
		s.lies[fd] = selector.Ready{FD: fd, Events: interest, Data: data}
		s.told[fd]++
	}
	return err
}

// Unregister forgets the lie, if it hasn't been told.
func (s *spurious) Unregister(fd int) error {
	delete(s.lies, fd)
	return s.Selector.Unregister(fd)
}

// Select tells the lies first.
func (s *spurious) Select(timeout time.Duration) (ready []selector.Ready, err error) {
	if len(s.lies) == 0 {
		return s.Selector.Select(timeout)
	}
	for fd, lie := range s.lies {
		ready = append(ready, lie)
		delete(s.lies, fd)
	}
	return ready, nil
}
