package sock

import (
	"errors"
	"net"

	"stepwise/pkg/coro"
)

// Stream makes s a net.Conn for the coroutine that yield belongs to, so that code written
// for a net.Conn runs on the loop: bufio, crypto/tls, net/http's ReadRequest and
// ReadResponse. Where they would block, the coroutine pauses.
//
// It is the only place that keeps a yield: use the Stream in that coroutine alone, and not
// after its end. Two coroutines on one Socket make a Stream each. net/http's Client and
// Server start goroutines of their own, and can't use it.
//
// Errors are those of ReadInto and Send. Close closes s.
func Stream(yield coro.Yield, s *Socket) net.Conn { return &stream{yield, s} }

type stream struct {
	yield coro.Yield
	*Socket
}

func (c *stream) Read(p []byte) (int, error) { return ReadInto(c.yield, c.Socket, p) }

func (c *stream) Write(p []byte) (int, error) {
	err := Send(c.yield, c.Socket, p)
	var partly *SendError
	if errors.As(err, &partly) {
		return partly.Sent, err
	}
	return len(p), err
}

// Timeout reports whether a deadline ended the Send, for net.Error.
func (e *SendError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}
