// Package send is a solution of lesson 09: send may take a part.
package send

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
)

// Send sends all of data to the peer of s.
func Send(yield coro.Yield, s *sock.Socket, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(s.FD(), data)
		if err == unix.EAGAIN { // nothing was taken
			n, err = 0, stages.Ready(yield, s, selector.Write)
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
