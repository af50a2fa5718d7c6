package lesson

// The rig of lessons 08 to 11: a connection to a server that behaves in some way,
// and ways to make code wait, or wake it for nothing. Read loop.go of package
// trial first.

import (
	"fmt"
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
	peer := faulty.NeverReads()
	withPeer(sel, peer, func(yield coro.Yield, s *sock.Socket) {
		// Otherwise the kernel lets a send buffer grow to megabytes, which are
		// slow to fill and empty on a busy machine.
		trial.Must(unix.SetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_SNDBUF, 32<<10))
		body(yield, s, peer)
	})
}

// rounds lets the loop go round n times.
func rounds(yield coro.Yield, n int) {
	for range n {
		trial.Must(task.Checkpoint(yield))
	}
}

// arrives blocks until there is something to read, so that what a case finds
// doesn't depend on the server's speed.
func arrives(fd int) {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, int(limit.Milliseconds()))
	for err == unix.EINTR {
		n, err = unix.Poll(fds, int(limit.Milliseconds()))
	}
	trial.Must(err)
	if n == 0 {
		trial.Must(fmt.Errorf("the server should have sent something, and did not for %v", limit))
	}
}

// cancels expects t, which does what was tried, to wait while nothing happens, and
// to end when it is canceled.
func cancels(yield coro.Yield, tried string, t *task.Task) {
	rounds(yield, 10)
	if t.Done() {
		_, err := t.Result()
		fail(tried, "an end at once, with "+trial.Said(err), "it to wait", err)
	}
	t.Cancel()
	_, err := task.Await(yield, t)
	wantError(tried+", and cancel it while it waits", err, future.ErrCanceled)
}

// spurious is a selector that reports everything as ready once, whether it is or
// not, before it asks the kernel: a wake-up is a permission to try, not a promise.
type spurious struct {
	selector.Selector
	lies map[int]selector.Ready
}

func newSpurious() *spurious {
	s, err := selector.New()
	trial.Must(err)
	return &spurious{s, map[int]selector.Ready{}}
}

// Register notes the lie to tell about fd.
func (s *spurious) Register(fd int, interest selector.Events, data any) error {
	err := s.Selector.Register(fd, interest, data)
	if err == nil {
		s.lies[fd] = selector.Ready{FD: fd, Events: interest, Data: data}
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
