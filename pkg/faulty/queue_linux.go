package faulty

// How to fill a listener's queue, and know that it is full. Read door.go before it.

import (
	"fmt"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// fill connects until ln's queue is full, and returns the connections.
func fill(ln net.Listener) ([]net.Conn, error) {
	const backlog = 1
	if err := shrink(ln, backlog); err != nil {
		return nil, err
	}
	var ours []net.Conn
	for range backlog + 1 {
		conn, err := net.DialTimeout(ln.Addr().Network(), ln.Addr().String(), 5*time.Second)
		if err != nil {
			return ours, err
		}
		ours = append(ours, conn)
	}
	if ln.Addr().Network() == "unix" {
		return ours, nil // connect(2) itself puts the connection into the queue
	}
	return ours, untilQueued(ln, backlog+1)
}

// untilQueued waits until n connections are in ln's queue. They may come a moment late:
// the client is connected once its kernel has the server's answer, the server once it has
// the client's answer to that.
//
// A fact about Linux: tcpi_unacked in the TCP_INFO of a listening socket is the length of
// its queue. `ss -lt` shows it as Recv-Q.
func untilQueued(ln net.Listener, n uint32) error {
	c, err := ln.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	for range 5000 {
		var queued uint32
		err := onFD(c, func(fd int) error {
			info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
			if err == nil {
				queued = info.Unacked
			}
			return err
		})
		if err != nil || queued >= n {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("the queue did not fill")
}
