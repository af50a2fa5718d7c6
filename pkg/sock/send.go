package sock

import (
	"fmt"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
)

// SendError says how much went out before Send failed.
type SendError struct {
	Sent  int // bytes that the kernel took; the peer may have received fewer
	Total int // bytes that were to be sent
	Err   error
}

// Error reads like "219264 of 5000000 bytes sent: connection reset by peer".
func (e *SendError) Error() string {
	return fmt.Sprintf("%d of %d bytes sent: %v", e.Sent, e.Total, e.Err)
}

// Unwrap gives the reason, for errors.Is.
func (e *SendError) Unwrap() error { return e.Err }

// mostAtOnce keeps a count within the range of every kernel's int.
const mostAtOnce = 1 << 30

// Send sends all of data, and waits whenever the peer is slow. nil means that the kernel
// has taken everything, not that the peer has read it. Don't change data until Send
// returns.
//
// Errors are *net.OpError around a *SendError, which says how much was sent: EPIPE or
// ECONNRESET if the peer is gone, ErrBusy while another task sends, net.ErrClosed,
// future.ErrCanceled.
func Send(yield coro.Yield, s *Socket, data []byte) error {
	if err := s.claim(yield, &s.write); err != nil {
		return s.opError("send", &SendError{0, len(data), err})
	}
	defer s.write.release()
	for sent := 0; sent < len(data); {
		err := s.retry(yield, &s.write, func() error {
			n, err := s.loop.Calls().Send(s.fd, data[sent:min(len(data), sent+mostAtOnce)])
			if err == nil && n == 0 || err == unix.ENOBUFS {
				return unix.EAGAIN // the kernel's other words for "not now"
			}
			sent += max(0, n)
			return err
		})
		if err != nil {
			return s.opError("send", &SendError{sent, len(data), err})
		}
	}
	return nil
}

// SendNow sends as much of data as the kernel takes at once, and returns how much that was:
// Send for code that must not pause. It sends nothing while another task sends, whose data
// comes first. It reports no error: a connection that is gone is the next Send's to find.
// Only the loop's goroutine may call it.
func SendNow(s *Socket, data []byte) (sent int) {
	if s.fd < 0 || s.write.busy || s.write.expired || len(data) == 0 {
		return 0
	}
	sent, err := s.sendSome(data[:min(len(data), mostAtOnce)])
	if err != unix.EAGAIN {
		_ = s.opError("send", err) // the kernel says it once, and reads must hear of it
	}
	return sent
}

// sendSome makes one attempt, and returns how much the kernel took.
func (s *Socket) sendSome(p []byte) (int, error) {
	n, err := s.loop.Calls().Send(s.fd, p)
	if err == nil && n == 0 || err == unix.ENOBUFS {
		err = unix.EAGAIN
	}
	return max(0, n), err
}
