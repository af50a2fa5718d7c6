// Package read is a solution of lesson 10: data comes in pieces.
package read

import (
	"io"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Read returns what the peer of s has sent, some of it; io.EOF at the end.
func Read(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	p := make([]byte, 4096)
	for {
		if err := readable(yield, s); err != nil {
			return nil, err
		}
		n, err := unix.Read(s.FD(), p)
		switch {
		case err == unix.EAGAIN: // a false wake-up
		case err != nil:
			return nil, err
		case n == 0:
			return nil, io.EOF
		default:
			return p[:n], nil
		}
	}
}

// readable pauses until there is something to read. Nothing stays registered.
func readable(yield coro.Yield, s *sock.Socket) error {
	l, fd, f := s.Loop(), s.FD(), future.New(s.Loop())
	if err := l.AddReader(fd, func() {
		l.RemoveReader(fd)
		_ = f.SetResult(nil)
	}); err != nil {
		return err
	}
	_, err := task.Await(yield, f)
	if err != nil {
		l.RemoveReader(fd)
	}
	return err
}
