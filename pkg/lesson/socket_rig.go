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
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// limit is how long a case waits for its server, which answers at once.
const limit = 10 * time.Second

// withPeer runs body as a trial on a connection to peer, which it closes.
func withPeer(sel selector.Selector, peer *faulty.Server, body func(yield coro.Yield, s *sock.Socket) error) error {
	defer peer.Close()
	return trial.OnLoop(sel, func(yield coro.Yield, l *loop.Loop) error {
		s, err := sock.Connect(yield, l, peer.Addr())
		if err != nil {
			return err
		}
		defer s.Close()
		return body(yield, s)
	})
}

// much is more than the buffers on the way can hold (see withSlowPeer).
const much = 1 << 20

// withSlowPeer is withPeer for a peer that reads nothing until it is released,
// with small buffers on the way.
func withSlowPeer(sel selector.Selector, body func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) error) error {
	peer := faulty.NeverReads()
	return withPeer(sel, peer, func(yield coro.Yield, s *sock.Socket) error {
		// Otherwise the kernel lets a send buffer grow to megabytes, which are
		// slow to fill and empty on a busy machine.
		if err := unix.SetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_SNDBUF, 32<<10); err != nil {
			return err
		}
		return body(yield, s, peer)
	})
}

// rounds lets the loop go round n times.
func rounds(yield coro.Yield, n int) error {
	for range n {
		if err := task.Checkpoint(yield); err != nil {
			return err
		}
	}
	return nil
}

// arrives blocks until there is something to read, so that what a case finds
// doesn't depend on the server's speed.
func arrives(fd int) error {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, int(limit.Milliseconds()))
	for err == unix.EINTR {
		n, err = unix.Poll(fds, int(limit.Milliseconds()))
	}
	if err == nil && n == 0 {
		return fmt.Errorf("the server should have sent something, and did not for %v", limit)
	}
	return err
}

// spurious is a selector that reports everything as ready once, whether it is or
// not, before it asks the kernel: a wake-up is a permission to try, not a promise.
type spurious struct {
	selector.Selector
	lies map[int]selector.Ready
}

func newSpurious() (*spurious, error) {
	s, err := selector.New()
	return &spurious{s, map[int]selector.Ready{}}, err
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
