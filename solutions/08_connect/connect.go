// Package connect is a solution of lesson 08: writable is not connected.
package connect

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Connect opens a TCP connection to address and returns it as a socket on l.
func Connect(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	err = connect(yield, l, fd, sa)
	if err == nil {
		var s *sock.Socket
		if s, err = sock.FromFD(l, fd); err == nil {
			return s, nil
		}
	}
	_ = unix.Close(fd)
	return nil, err
}

// connect waits and asks, until the matter is decided.
func connect(yield coro.Yield, l *loop.Loop, fd int, sa unix.Sockaddr) error {
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		return err
	}
	err := unix.Connect(fd, sa)
	for err == unix.EINPROGRESS {
		if err = writable(yield, l, fd); err == nil {
			err = decided(fd)
		}
	}
	return err
}

// writable pauses until fd is writable. Nothing stays registered.
func writable(yield coro.Yield, l *loop.Loop, fd int) error {
	f := future.New(l)
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

// decided is nil for a connection, EINPROGRESS as long as there is none yet.
func decided(fd int) error {
	errno, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return err
	}
	if errno != 0 {
		return unix.Errno(errno)
	}
	if _, err := unix.Getpeername(fd); err == unix.ENOTCONN {
		return unix.EINPROGRESS
	} else if err != nil {
		return err
	}
	return nil
}
