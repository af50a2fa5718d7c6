package sock

// What a Socket is called: in errors, in pictures, and by the tasks that wait for it.

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// opError puts err into the form of package net: "read 127.0.0.1:80: connection
// reset by peer".
//
// The kernel says once that a connection has broken: to a send, to a read, or to a look at
// what has arrived. After that it has reads find the end, as if the peer had said all that it
// had to say. So s notes it for them.
//
// It stays a call: the verbs that wait have small frames (sys.SmallStacks).
//
//go:noinline
func (s *Socket) opError(op string, err error) error {
	if err == nil {
		return nil
	}
	for _, broken := range []unix.Errno{unix.ECONNRESET, unix.ETIMEDOUT} {
		if errors.Is(err, broken) {
			s.lost = broken
		}
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
