// Package blocking is a solution of lesson 01: a call that waits.
package blocking

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/sock"
)

// Ask asks the server at address and returns its whole answer.
func Ask(address string, question []byte) ([]byte, error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	if err := unix.Connect(fd, sa); err != nil {
		return nil, err
	}
	for len(question) > 0 {
		n, err := unix.Write(fd, question)
		if err != nil {
			return nil, err
		}
		question = question[n:]
	}
	return readToEnd(fd)
}

// readToEnd reads until the server has ended its side.
func readToEnd(fd int) ([]byte, error) {
	var all []byte
	p := make([]byte, 4096)
	for {
		n, err := unix.Read(fd, p)
		if err != nil || n == 0 {
			return all, err
		}
		all = append(all, p[:n]...)
	}
}
