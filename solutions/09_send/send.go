// Package send is a solution of lesson 09: send may take a part.
package send

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Send sends all of data to the peer of s.
func Send(yield coro.Yield, s *sock.Socket, data []byte) error {
	for sent := 0; sent < len(data); {
		n, err := unix.Write(s.FD(), data[sent:])
		switch {
		case err == unix.EAGAIN: // nothing was taken
			if err := writable(yield, s); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			sent += n
		}
	}
	return nil
}

// writable pauses until there is room. Nothing stays registered.
func writable(yield coro.Yield, s *sock.Socket) error {
	l, fd, f := s.Loop(), s.FD(), future.New(s.Loop())
	if err := l.AddWriter(fd, func() {
		l.RemoveWriter(fd)
		_ = f.SetResult(nil)
	}); err != nil {
		return err
	}
	_, err := task.Await(yield, f)
	if err != nil {
		l.RemoveWriter(fd)
	}
	return err
}
