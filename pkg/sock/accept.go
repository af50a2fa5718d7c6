package sock

import (
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// Listen opens a listener on address: "127.0.0.1:0" lets the system choose the port,
// which LocalAddr then tells. A port that was in use a moment ago can be listened on
// again (SO_REUSEADDR). Closing a unix listener removes its path, unless that belongs to
// another by now.
//
// Errors are *net.OpError around the reason: EADDRINUSE, EADDRNOTAVAIL, ErrAddress …
// Nothing stays open then.
func Listen(l *loop.Loop, address string) (*Socket, error) { return listenAt(l, address, false) }

// ListenShared is Listen for an address that several listeners share, each on a loop of
// its own: the kernel distributes the connections among them (SO_REUSEPORT). All of them
// must be made by ListenShared. For a unix address the error is ErrAddress.
func ListenShared(l *loop.Loop, address string) (*Socket, error) { return listenAt(l, address, true) }

func listenAt(l *loop.Loop, address string, shared bool) (*Socket, error) {
	s, err := listen(l, address, shared)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Addr: Address(address), Err: err}
	}
	return s, nil
}

func listen(l *loop.Loop, address string, shared bool) (*Socket, error) {
	family, sa, err := Sockaddr(address)
	switch {
	case l == nil:
		return nil, loop.ErrNilLoop
	case err != nil:
		return nil, err
	case shared && family == unix.AF_UNIX:
		return nil, fmt.Errorf("a path can't be shared: %w", ErrAddress)
	}
	s, err := open(l, family, nil)
	if err != nil {
		return nil, err
	}
	if err := s.listen(family, sa, shared); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Socket) listen(family int, sa unix.Sockaddr, shared bool) error {
	calls := s.loop.Calls()
	if shared {
		if err := calls.SetOption(s.fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
			return err
		}
	}
	if family != unix.AF_UNIX {
		if err := calls.SetOption(s.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
			return err
		}
	}
	if err := s.bind(sa); err != nil {
		return err
	}
	return calls.Listen(s.fd, unix.SOMAXCONN)
}

// Accept waits for a connection and returns it. Several tasks may accept from one
// listener: they get connections in the order of their calls.
//
// A connection that is gone before it could be accepted is passed over. If the
// system has no descriptor or memory left (EMFILE, ENFILE, ENOBUFS, ENOMEM), that is
// reported to the loop's exception handler, and Accept tries again a little later:
// the connection stays ready meanwhile, and a loop of failed accepts would burn a
// processor. Errors are *net.OpError: net.ErrClosed, EINVAL for a socket that is no
// listener, ErrBusy while a task reads from it, future.ErrCanceled.
func Accept(yield coro.Yield, s *Socket) (*Socket, error) {
	c, err := s.acceptInTurn(yield)
	if err != nil {
		return nil, s.opError("accept", err)
	}
	return c, nil
}

func (s *Socket) acceptInTurn(yield coro.Yield) (*Socket, error) {
	if s.turns == nil { // most sockets never accept
		s.turns = wait.NewSemaphore(1)
		s.turns.Bind(s.loop, (*turnToAccept)(s))
	}
	if err := s.turns.Acquire(yield); err != nil {
		return nil, errors.Unwrap(err) // Accept says itself what was tried
	}
	defer s.turns.Release() // after Close each turn ends at once: so all that wait hear of it
	if err := s.claim(yield, &s.read); err != nil {
		return nil, err
	}
	defer s.read.release()
	return s.acceptPatiently(yield)
}

// acceptPatiently tries again for as long as the system is exhausted.
func (s *Socket) acceptPatiently(yield coro.Yield) (*Socket, error) {
	for delay := firstDelay; ; delay = min(2*delay, mostDelay) {
		c, err := s.accept(yield)
		if !exhausted(err) {
			return c, err
		}
		s.loop.CallExceptionHandler(loop.Exception{
			Message: fmt.Sprintf("accept on %v, next try in %v", s.LocalAddr(), delay), Err: err})
		if err := s.pause(yield, delay); err != nil {
			return nil, err
		}
	}
}

const firstDelay, mostDelay = 50 * time.Millisecond, time.Second

func (s *Socket) accept(yield coro.Yield) (c *Socket, err error) {
	err = s.retry(yield, &s.read, func() (err error) {
		c, err = s.acceptNow()
		if passing(err) {
			err = unix.EINTR // about one peer, not about the listener: try the next
		}
		return err
	})
	return c, err
}

func (s *Socket) acceptNow() (*Socket, error) {
	fd, from, err := s.loop.Calls().Accept(s.fd)
	if err != nil {
		return nil, err
	}
	return newSocket(s.loop, fd, addr(from)), nil
}

// TryAccept takes a connection that waits in the listener's queue, and never pauses: if none
// does, the error is unix.EAGAIN. Nothing is passed over, and nothing tried again: other
// errors are *net.OpError around what accept(2) says, such as ECONNABORTED or EMFILE, or
// around net.ErrClosed. It takes a connection even while another task waits in Accept, which
// then waits for the next. Only the loop's goroutine may call it, also in a callback.
func (s *Socket) TryAccept() (*Socket, error) {
	if s.fd < 0 {
		return nil, s.opError("accept", net.ErrClosed)
	}
	var c *Socket
	err := sys.Retry(func() (err error) { c, err = s.acceptNow(); return err })
	if err == unix.EAGAIN {
		return nil, err
	}
	return c, s.opError("accept", err)
}

// passing reports whether err is the error of one connection, which accept(2) passes on.
func passing(err error) bool {
	switch err {
	case unix.ECONNABORTED, unix.EPROTO, unix.ENETDOWN, unix.ENETUNREACH,
		unix.EHOSTDOWN, unix.EHOSTUNREACH, unix.ENOPROTOOPT:
		return true
	}
	return false
}

// exhausted reports whether the system has no descriptor or memory left.
func exhausted(err error) bool {
	return err == unix.EMFILE || err == unix.ENFILE || err == unix.ENOBUFS || err == unix.ENOMEM
}

// pause waits for d without watching the listener; Close ends the wait early.
func (s *Socket) pause(yield coro.Yield, d time.Duration) error {
	s.unwatch(&s.read)
	f := future.New(s.loop)
	timer := s.loop.CallLater(d, func() { _ = f.SetResult(nil) })
	defer timer.Cancel()
	s.read.waiter = f
	_, err := task.Await(yield, f)
	s.read.waiter = nil
	if s.fd < 0 {
		err = net.ErrClosed
	}
	return err
}

// turnToAccept is what a task waits for if it wants to accept while another does.
type turnToAccept Socket

func (t *turnToAccept) String() string { return fmt.Sprintf("its turn to accept on fd %d", t.fd) }
