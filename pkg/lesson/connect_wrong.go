package lesson

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; sock.Connect is right.
var wrongConnects = []Wrong{
	{"never asks SO_ERROR", Impl{Connect: connectFaults{noSocketError: true}.connect}, []string{"C02", "C06"}},
	{"takes the first wake-up for the connection", Impl{Connect: connectFaults{noPeerName: true}.connect}, []string{"C06"}},
	{"takes EINPROGRESS for a failure", Impl{Connect: connectFaults{noWait: true}.connect}, []string{"C01", "C02", "C04", "C06", "C11"}},
	{"leaves the descriptor open when refused", Impl{Connect: connectFaults{noClose: true}.connect}, []string{"C04", "M02"}},
	{"leaves the writer registered when canceled", Impl{Connect: connectFaults{noRemove: true}.connect}, []string{"C04"}},
	{"opens an IPv4 socket for every address", Impl{Connect: connectFaults{onlyIPv4: true}.connect}, []string{"C11"}},
}

type connectFaults struct{ noSocketError, noPeerName, noWait, noClose, noRemove, onlyIPv4 bool }

func (f connectFaults) connect(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil {
		return nil, err
	}
	if f.onlyIPv4 {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	_ = unix.SetNonblock(fd, true)
	err = unix.Connect(fd, sa)
	for err == unix.EINPROGRESS && !f.noWait {
		if err = ready(yield, l, fd, l.AddWriter, l.RemoveWriter, f.noRemove); err == nil {
			err = f.outcome(fd)
		}
	}
	if err != nil {
		if !f.noClose {
			_ = unix.Close(fd)
		}
		return nil, err
	}
	return sock.FromFD(l, fd)
}

func (f connectFaults) outcome(fd int) error {
	if !f.noSocketError {
		if errno, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR); errno != 0 {
			return unix.Errno(errno)
		}
	}
	if _, err := unix.Getpeername(fd); err == unix.ENOTCONN && !f.noPeerName && !f.noSocketError {
		return unix.EINPROGRESS
	}
	return nil
}
