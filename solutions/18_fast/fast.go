// Package fast is a solution of lesson 18.
package fast

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
)

// Echo sends back what comes on s, until the client ends its side. Before each read it
// waits, which is a turn for the others, and before a send only when there was no room.
func Echo(yield coro.Yield, s *sock.Socket) error {
	defer s.Close()
	calls, p := s.Loop().Calls(), make([]byte, 16<<10)
	for {
		if err := stages.Ready(yield, s, selector.Read); err != nil {
			return err
		}
		n, err := calls.Recv(s.FD(), p)
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
			continue
		case err != nil:
			return err
		case n == 0: // the client has ended its side
			return nil
		}
		if err := send(yield, s, p[:n]); err != nil {
			return err
		}
	}
}

// send sends all of data.
func send(yield coro.Yield, s *sock.Socket, data []byte) error {
	for len(data) > 0 {
		n, err := s.Loop().Calls().Send(s.FD(), data)
		switch {
		case err == unix.EAGAIN:
			n, err = 0, stages.Ready(yield, s, selector.Write)
		case err == unix.EINTR:
			n, err = 0, nil
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
