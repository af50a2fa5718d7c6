package lesson

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; sock.Send is right.
var wrongSends = []Wrong{
	{"ignores the count", Impl{Send: sendFaults{ignoresCount: true}.send}, []string{"W01", "W02", "W04", "W09"}},
	{"starts over from the first byte", Impl{Send: sendFaults{restarts: true}.send}, []string{"W01", "W02", "W04"}},
	{"lets EAGAIN escape", Impl{Send: sendFaults{noRetry: true}.send}, []string{"W01", "W02", "W04", "W09"}},
	{"drops the error", Impl{Send: sendFaults{dropsError: true}.send}, []string{"W06"}},
	{"leaves the writer registered when canceled", Impl{Send: sendFaults{waitFaults: waitFaults{keeps: true}}.send}, []string{"W09"}},
	{"panics in the callback", Impl{Send: sendFaults{panics: true}.send}, []string{"W04"}},
}

type sendFaults struct {
	waitFaults
	ignoresCount, restarts, noRetry, dropsError, panics bool
}

// send has the shape of the seed: wait until the socket is writable, then send
// what it takes.
func (f sendFaults) send(yield coro.Yield, s *sock.Socket, data []byte) error {
	l, fd := s.Loop(), s.FD()
	for sent := 0; sent < len(data); {
		if !f.noRetry {
			if err := f.ready(yield, l, fd, true); err != nil {
				return err
			}
		}
		rest := data[sent:]
		if f.restarts {
			rest = data
		}
		n, err := unix.Write(fd, rest)
		switch {
		case err == unix.EAGAIN && f.panics:
			l.CallSoon(func() { panic(err) })
		case err == unix.EAGAIN && !f.noRetry:
		case err != nil && f.dropsError:
			return nil
		case err != nil:
			return err
		case f.ignoresCount:
			return nil
		default:
			sent += n
		}
	}
	return nil
}
