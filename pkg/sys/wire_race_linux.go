//go:build race

package sys

import "syscall"

// In a program that is built with -race, recv and send are calls that the race detector
// knows: what one goroutine did before it sent, another may see after it has received,
// even if the other end of the connection is package net's.

func recv(fd int, p []byte) (int, error) {
	n, err := syscall.Read(fd, p)
	return max(0, n), err
}

// send relies on Go's runtime, which turns SIGPIPE on a socket into EPIPE.
func send(fd int, p []byte) (int, error) {
	n, err := syscall.Write(fd, p)
	return max(0, n), err
}
