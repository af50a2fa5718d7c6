// Package read is a solution of lesson 10: data comes in pieces.
package read

import (
	"io"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
)

// Read returns what the peer of s has sent, some of it; io.EOF at the end.
func Read(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	p := make([]byte, 4096)
	n, err := unix.Read(s.FD(), p)
	for err == unix.EAGAIN { // nothing is there yet, or another task was faster
		if err = stages.Ready(yield, s, selector.Read); err == nil {
			n, err = unix.Read(s.FD(), p)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case n == 0:
		return nil, io.EOF
	}
	return p[:n], nil
}
