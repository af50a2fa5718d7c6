// Package connect is a solution of lesson 08: writable is not connected.
package connect

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Connect opens a TCP connection to address and returns it as a socket on l.
func Connect(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error) {
	s, sa, err := open(l, address)
	if err != nil {
		return nil, err
	}
	err = unix.Connect(s.FD(), sa)
	for err == unix.EINPROGRESS {
		if err = ready(yield, s, selector.Write); err == nil {
			err = decided(s)
		}
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// open makes a socket of the address's family that doesn't block.
func open(l *loop.Loop, address string) (*sock.Socket, unix.Sockaddr, error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil {
		return nil, nil, err
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, err
	}
	unix.CloseOnExec(fd)
	_ = unix.SetNonblock(fd, true) // FromFD refuses one that blocks
	s, err := sock.FromFD(l, fd)
	if err != nil {
		_ = unix.Close(fd)
	}
	return s, sa, err
}

// ready pauses until s is ready for direction. Nothing that it has registered stays.
func ready(yield coro.Yield, s *sock.Socket, direction selector.Events) error {
	add, remove := s.Loop().AddReader, s.Loop().RemoveReader
	if direction == selector.Write {
		add, remove = s.Loop().AddWriter, s.Loop().RemoveWriter
	}
	f, fd, registered := future.New(s.Loop()), s.FD(), true
	unwatch := func() {
		if registered { // a later registration is another task's
			registered = false
			remove(fd)
		}
	}
	if err := add(fd, func() { unwatch(); _ = f.SetResult(nil) }); err != nil {
		return err
	}
	defer unwatch()
	_, err := task.Await(yield, f)
	return err
}

// decided is nil for a connection, EINPROGRESS as long as there is none yet.
func decided(s *sock.Socket) error {
	errno, err := unix.GetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return err
	}
	if errno != 0 {
		return unix.Errno(errno)
	}
	if _, err = unix.Getpeername(s.FD()); err == unix.ENOTCONN {
		return unix.EINPROGRESS
	}
	return err
}
