package sock

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// ErrSelfConnect: a connection was made from a port to the same port.
var ErrSelfConnect = errors.New("connected to itself: nobody listens there")

// Connect opens a connection to address: "127.0.0.1:80", "[::1]:80",
// "unix:/path", on the loop of the task that calls it. It doesn't resolve names. It has no
// time limit of its own: cancel the task to give up.
//
// Errors are *net.OpError around the reason: ECONNREFUSED, ENOENT, ErrAddress,
// ErrSelfConnect, task.ErrNoTask, future.ErrCanceled … Nothing stays open then.
func Connect(yield coro.Yield, address string) (*Socket, error) {
	return dial(yield, "", address)
}

// ConnectFrom is Connect from one of this machine's own addresses, asyncio's local_addr:
// "10.0.0.1:0" lets the system choose the port, and "" the whole address. It must be of
// address's family, and not a path; otherwise the error is ErrAddress. Further errors are
// those of Connect, EADDRNOTAVAIL and EADDRINUSE.
func ConnectFrom(yield coro.Yield, from, address string) (*Socket, error) {
	return dial(yield, from, address)
}

// dial does the work of both, so that a picture of a run shows one lane for them.
func dial(yield coro.Yield, from, address string) (*Socket, error) {
	s, err := connect(yield, from, address)
	if err != nil {
		return nil, &net.OpError{Op: "connect", Addr: Address(address), Err: err}
	}
	return s, nil
}

func connect(yield coro.Yield, from, address string) (*Socket, error) {
	l, err := task.LoopOf(yield)
	if err != nil {
		return nil, err
	}
	family, sa, err := Sockaddr(address)
	switch {
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
