package sock

// What has arrived, without a wait; a wait that reads nothing; and a Socket that rests.
// Read read.go first.

import (
	"net"
	"os"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/sys"
)

// TryRead reads what has arrived into p, and never pauses: if nothing has, the error is
// unix.EAGAIN. Other errors are those of ReadInto. Only the loop's goroutine may call it,
// also in a callback.
func (s *Socket) TryRead(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	err = s.tryRead(func() (err error) { n, err = s.receive(p); return err })
	return n, err
}

func (s *Socket) tryRead(attempt func() error) error {
	d := &s.read
	switch {
	case s.fd < 0:
		return s.opError("read", net.ErrClosed)
	case d.busy:
		return s.opError("read", d.refuse())
	case d.expired:
		return s.opError("read", os.ErrDeadlineExceeded)
	}
	d.drained = false // that was then
	return s.readError(sys.Retry(attempt))
}

// WaitReadable pauses until a read would return at once, with data or the end. It is
// trio's wait_readable. Errors are those of ReadInto: if the connection has failed, the next
// read says so again.
func WaitReadable(yield coro.Yield, s *Socket) error {
	if err := s.claim(yield, &s.read); err != nil {
		return s.opError("wait", err)
	}
	defer s.read.release()
	return s.opError("wait", s.retry(yield, &s.read, s.peek))
}

// Arrived reports whether a read would return at once: with data, the end, or an error.
// Only the loop's goroutine may call it.
func (s *Socket) Arrived() bool {
	if s.fd < 0 {
		return true
	}
	err := sys.Retry(s.peek)
	if err == unix.EAGAIN {
		return false
	}
	_ = s.opError("read", err) // the kernel says it once, and reads must hear of it
	return true
}

// peek looks at what has arrived.
func (s *Socket) peek() error {
	_, err := s.loop.Calls().Peek(s.fd)
	if err != unix.EAGAIN {
		s.read.drained = false // that was then
	}
	return err
}

// Unwatch takes s off the selector until a verb has to wait again. A verb leaves its watch
// in place, so that a task that reads in a loop costs no epoll_ctl. The watch of a
// connection that is kept for later would be something that a loop can wait for, and keep it
// from ErrDeadlock. While a task waits for s, its direction stays watched. Only the loop's
// goroutine may call it.
func (s *Socket) Unwatch() {
	for _, d := range []*side{&s.read, &s.write} {
		if !d.waits() {
			s.unwatch(d)
		}
	}
}
