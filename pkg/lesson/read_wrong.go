package lesson

import (
	"io"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; sock.Read is right.
var wrongReads = []Wrong{
	{"doesn't wait", Impl{Read: readFaults{noWait: true}.read}, []string{"R01", "R04", "R07"}},
	{"lets EAGAIN escape", Impl{Read: readFaults{noRetry: true}.read}, []string{"R04"}},
	{"takes the end for data", Impl{Read: readFaults{noEnd: true}.read}, []string{"R02"}},
	{"takes a reset for the end", Impl{Read: readFaults{resetIsEnd: true}.read}, []string{"R03"}},
	{"leaves the reader registered when canceled", Impl{Read: readFaults{waitFaults: waitFaults{keeps: true}}.read}, []string{"R07"}},
	{"takes a false wake-up for the end", Impl{Read: readFaults{againIsEnd: true}.read}, []string{"R04"}},
}

type readFaults struct {
	waitFaults
	noWait, noRetry, noEnd, resetIsEnd, againIsEnd bool
}

// read has the shape of the seed: wait until the socket is readable, then receive.
func (f readFaults) read(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	p, l, fd := make([]byte, 4096), s.Loop(), s.FD()
	for {
		if !f.noWait {
			if err := f.ready(yield, l, fd, false); err != nil {
				return nil, err
			}
		}
		n, err := unix.Read(fd, p)
		switch {
		case err == unix.EAGAIN && f.againIsEnd:
			return nil, io.EOF
		case err == unix.EAGAIN && !f.noRetry && !f.noWait:
			continue
		case err != nil && f.resetIsEnd:
			return nil, io.EOF
		case err != nil:
			return nil, err
		case n == 0 && !f.noEnd:
			return nil, io.EOF
		}
		return p[:n], nil
	}
}
