package stages

// The fetch that everybody writes first. Read socket(2), connect(2), read(2) and write(2)
// before it. What it lacks: while it waits for one server, no other is asked. busy.go is
// the next step.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/sys"
)

// Blocking asks one address after the other. Each call waits for its server, so one
// server that never answers stops everything.
func Blocking(addresses []string) []Answer {
	answers := make([]Answer, len(addresses))
	for i, address := range addresses {
		raw, err := block(blocking, address, Request(address))
		if answers[i].Err = err; err != nil {
			continue
		}
		answers[i].Body, answers[i].Err = Page(raw)
	}
	return answers
}

// block is the whole conversation, top to bottom. With an error comes what had
// come before it.
func block(calls sys.Calls, address string, question []byte) ([]byte, error) {
	family, sa, err := target(address)
	if err != nil {
		return nil, err
	}
	fd, err := calls.Socket(family)
	if err != nil {
		return nil, err
	}
	defer calls.Close(fd)
	if err := calls.Connect(fd, sa); err != nil {
		return nil, err
	}
	for len(question) > 0 {
		n, err := calls.Send(fd, question)
		if err != nil {
			return nil, err
		}
		question = question[n:]
	}
	return blockToEnd(calls, fd)
}

// blockToEnd reads until the server ends its side.
func blockToEnd(calls sys.Calls, fd int) (raw []byte, err error) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := calls.Recv(fd, buffer)
		if err != nil || n == 0 {
			return raw, err
		}
		raw = append(raw, buffer[:n]...)
	}
}

// blockingKernel is the table for sockets that wait, as those of the course's other
// tables never do. A signal of the Go runtime may interrupt a call that waits (EINTR),
// so it is retried.
func blockingKernel() sys.Calls {
	calls := sys.Plain
	calls.Socket = func(family int) (int, error) {
		fd, err := sys.Kernel.Socket(family)
		if err == nil {
			err = unix.SetNonblock(fd, false)
		}
		return fd, err
	}
	calls.Recv = func(fd int, p []byte) (n int, err error) {
		err = sys.Retry(func() error { n, err = unix.Read(fd, p); return err })
		return max(n, 0), err
	}
	calls.Send = func(fd int, p []byte) (n int, err error) {
		err = sys.Retry(func() error { n, err = unix.Write(fd, p); return err })
		return max(n, 0), err
	}
	return calls
}
