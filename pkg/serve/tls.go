package serve

// TLS: the handshake, and a client that doesn't know of it. Read conn.go first.

import (
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// HandshakeError says why a connection has never reached its Handle: the client doesn't
// speak TLS, doesn't trust the certificate, was too slow (os.ErrDeadlineExceeded), or has
// left.
type HandshakeError struct{ Err error }

// Error reads like "TLS handshake: remote error: tls: bad certificate".
func (e *HandshakeError) Error() string { return "TLS handshake: " + e.Err.Error() }

// Unwrap returns the reason, for errors.Is.
func (e *HandshakeError) Unwrap() error { return e.Err }

// handshake makes c.secure. A client that has said nothing yet is idle, as one without TLS
// is before its first request.
func (c *Conn) handshake(yield coro.Yield) error {
	_ = c.SetDeadline(c.Loop().Time().Add(cmp.Or(c.server.TLSHandshakeTimeout, 10*time.Second)))
	err := c.Idle(func() error { return sock.WaitReadable(yield, c.Socket) })
	if err == nil {
		c.secure, err = sock.TLSServerOrPlain(yield, c.Socket, c.server.TLS)
	}
	if err != nil {
		c.answerPlain(err)
		var op *net.OpError
		if errors.As(err, &op) { // whoever is told has c, and so its address
			err = op.Err
		}
		return &HandshakeError{err}
	}
	_ = c.SetDeadline(time.Time{})
	c.stream = c.secure
	return nil
}

// answerPlain tells a client that sent HTTP without TLS what is wrong, in words that it
// understands. TLS's own would look to it like noise.
func (c *Conn) answerPlain(err error) {
	var first tls.RecordHeaderError
	if !errors.As(err, &first) || first.Conn == nil || !isHTTP(string(first.RecordHeader[:])) {
		return
	}
	const why = "This port speaks HTTPS. Ask again, with https:// in the address.\n"
	if _, err := io.WriteString(first.Conn, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"+why); err == nil {
		c.linger(first.Conn)
	}
}

// isHTTP reports whether the first bytes of a connection, cut anywhere, begin a request.
func isHTTP(first string) bool {
	for _, method := range []string{"GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI "} {
		if strings.HasPrefix(first, method) || strings.HasPrefix(method, first) {
			return true
		}
	}
	return false
}
