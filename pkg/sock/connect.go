package sock

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// ErrSelfConnect: a connection was made from a port to the same port.
var ErrSelfConnect = errors.New("connected to itself: nobody listens there")

// Connect opens a connection to address: "127.0.0.1:80", "[::1]:80",
// "unix:/path". It doesn't resolve names. It has no time limit of its own: cancel the
// task to give up.
//
// Errors are *net.OpError around the reason: ECONNREFUSED, ENOENT, ErrAddress,
// ErrSelfConnect, future.ErrCanceled … Nothing stays open then.
func Connect(yield coro.Yield, l *loop.Loop, address string) (*Socket, error) {
	return ConnectFrom(yield, l, "", address)
}

// ConnectFrom is Connect from one of this machine's own addresses, asyncio's local_addr:
// "10.0.0.1:0" lets the system choose the port, and "" the whole address. It must be of
// address's family, and not a path; otherwise the error is ErrAddress. Further errors are
// those of Connect, EADDRNOTAVAIL and EADDRINUSE.
func ConnectFrom(yield coro.Yield, l *loop.Loop, from, address string) (*Socket, error) {
	s, err := connect(yield, l, from, address)
	if err != nil {
		return nil, &net.OpError{Op: "connect", Addr: written(address), Err: err}
	}
	return s, nil
}

func connect(yield coro.Yield, l *loop.Loop, from, address string) (*Socket, error) {
	family, sa, err := Sockaddr(address)
	switch {
	case yield == nil:
		return nil, task.ErrNoTask
	case l == nil:
		return nil, loop.ErrNilLoop
	case err != nil:
		return nil, err
	case port(sa) == 0:
		return nil, fmt.Errorf("port is 0: %w", ErrAddress)
	}
	own, err := ownAddress(from, family)
	if err != nil {
		return nil, err
	}
	s, err := open(l, family, addr(sa))
	if err != nil {
		return nil, err
	}
	if own != nil {
		err = s.bind(own)
	}
	if err == nil {
		err = s.connect(yield, sa)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// ownAddress is from as a socket address; nil if the system chooses.
func ownAddress(from string, family int) (unix.Sockaddr, error) {
	if from == "" {
		return nil, nil
	}
	own, sa, err := Sockaddr(from)
	switch {
	case err != nil:
		return nil, fmt.Errorf("from %s: %w", from, err)
	case own != family || family == unix.AF_UNIX:
		return nil, fmt.Errorf("from %s, an address of another kind: %w", from, ErrAddress)
	}
	return sa, nil
}

// open makes a socket. Nagle's algorithm is off, as in package net: a small message goes
// out when it is sent, not when the one before it was acknowledged.
func open(l *loop.Loop, family int, remote net.Addr) (*Socket, error) {
	if l.Closed() {
		return nil, loop.ErrClosed
	}
	fd, err := l.Calls().Socket(family)
	if err != nil {
		return nil, err
	}
	if family != unix.AF_UNIX {
		if err := l.Calls().SetOption(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			_ = l.Calls().Close(fd)
			return nil, err
		}
	}
	return newSocket(l, fd, remote), nil
}

func (s *Socket) connect(yield coro.Yield, sa unix.Sockaddr) error {
	err := s.loop.Calls().Connect(s.fd, sa)
	// After EINTR the kernel goes on connecting: a second call would be EALREADY.
	for err == unix.EINPROGRESS || err == unix.EINTR {
		if err := s.wait(yield, &s.write); err != nil {
			return err
		}
		err = s.connected()
	}
	s.unwatch(&s.write) // a new connection stays writable: a callback would wake the loop for nothing
	if err == nil {
		err = s.checkNotSelf()
	}
	return err
}

// connected finds out how the wait ended. Writable doesn't mean connected: a refused
// socket is writable too, and SO_ERROR has the reason, once. And a wake-up may be false:
// then there is no error, and no peer yet.
func (s *Socket) connected() error {
	if err := s.loop.Calls().SocketError(s.fd); err != nil {
		return err
	}
	if _, err := s.loop.Calls().PeerName(s.fd); err == unix.ENOTCONN {
		return unix.EINPROGRESS
	} else if err != nil {
		return err
	}
	return nil
}

// checkNotSelf refuses a connection to itself. On the local machine, with nobody
// listening, the kernel may pick the very port that we connect to as our own.
func (s *Socket) checkNotSelf() error {
	if local, ok := s.LocalAddr().(*net.TCPAddr); ok && local.String() == s.remote.String() {
		return ErrSelfConnect
	}
	return nil
}
