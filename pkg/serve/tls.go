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

	"stepwise/pkg/sock"
)

// HandshakeError says why a connection has never reached its Handle: the client speaks no
// TLS, or trusts another certificate, or was too slow (os.ErrDeadlineExceeded), or gone.
type HandshakeError struct{ Err error }

// Error reads like "TLS handshake: remote error: tls: bad certificate".
func (e *HandshakeError) Error() string { return "TLS handshake: " + e.Err.Error() }

// Unwrap returns the reason, for errors.Is.
func (e *HandshakeError) Unwrap() error { return e.Err }

// handshake puts TLS on c's stream. A client that has said nothing yet is idle, as one
// without TLS is before its first request.
func (c *Conn) handshake() error {
	below := &arriving{c.stream, c}
	secure := tls.Server(below, c.server.TLS)
	_ = c.SetDeadline(c.Loop().Time().Add(cmp.Or(c.server.TLSHandshakeTimeout, 10*time.Second)))
	if err := c.Idle(secure.Handshake); err != nil {
		c.answerPlain(err)
		return err
	}
	_ = c.SetDeadline(time.Time{})
	c.secure = &taken{Conn: secure}
	c.stream = c.secure
	return nil
}

// taken is a tls.Conn with one reader and one writer at a time. crypto/tls would make a
// second one wait for a lock that the loop can't see: the whole loop would stop, forever.
type taken struct {
	*tls.Conn
	reading, writing bool
}

func (t *taken) Read(p []byte) (n int, err error) {
	err = t.alone("read", &t.reading, func() (err error) { n, err = t.Conn.Read(p); return err })
	return n, err
}

func (t *taken) Write(p []byte) (n int, err error) {
	err = t.alone("send", &t.writing, func() (err error) { n, err = t.Conn.Write(p); return err })
	return n, err
}

func (t *taken) CloseWrite() error { return t.alone("close write", &t.writing, t.Conn.CloseWrite) }

func (t *taken) alone(op string, busy *bool, call func() error) error {
	if *busy {
		return &net.OpError{Op: op, Net: "tcp", Source: t.LocalAddr(), Addr: t.RemoteAddr(), Err: sock.ErrBusy}
	}
	*busy = true
	defer func() { *busy = false }()
	return call()
}

// arriving is the connection below TLS. c is no longer idle once a byte has come: it may be
// half a record, which a Shutdown would not find in the kernel any more.
type arriving struct {
	net.Conn
	c *Conn
}

func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.Conn.Read(p)
	if n > 0 {
		a.c.idle = false
	}
	return n, err
}

// answerPlain tells a client that sent HTTP without TLS what is wrong, in words that it
// understands. TLS's own would look to it like noise.
func (c *Conn) answerPlain(err error) {
	var first tls.RecordHeaderError
	if !errors.As(err, &first) || !isHTTP(string(first.RecordHeader[:])) {
		return
	}
	const why = "This port speaks HTTPS. Ask again, with https:// in the address.\n"
	if _, err := io.WriteString(c.stream, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"+why); err == nil {
		c.linger(c.stream)
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
