package fetch

// A connection to a server, which one exchange after the other may use. Read pool.go next.
//
// crypto/tls locks a mutex while it writes, and a read may need the same mutex: to answer
// a change of keys, or to send an alert. A task that paused with the mutex held would stop
// the whole loop if another task came to wait for it. So a write only collects, and flush,
// which may pause, is called outside of crypto/tls.

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
)

// conn is a connection, and what was read ahead on it.
type conn struct {
	net.Conn // the line, or TLS over it
	line     *line
	key      string // of the server: see keyOf
	in       *bufio.Reader
	served   bool          // an answer came over it: the server may have closed it since
	expires  time.Duration // while it is idle: when it will be closed, by the loop's clock
}

// dial opens a connection for at and lets admit judge the peer before anything is sent. An
// address in the URL is judged before it is dialed, since it may never answer; with a Dial
// of the caller's it may lead anywhere, so only the connection shows where.
func (c *Client) dial(yield coro.Yield, at *http.Request, admit func(netip.Addr) error) (*conn, error) {
	dial := c.Dial
	if dial == nil {
		if ip, err := netip.ParseAddr(at.URL.Hostname()); err == nil {
			if err := admit(ip); err != nil {
				return nil, err
			}
		}
		dial = outside.Dial
	}
	s, err := dial(yield, address(at.URL))
	if err != nil {
		return nil, err
	}
	if err := admit(ipOf(s.RemoteAddr())); err != nil {
		_ = s.Close()
		return nil, err
	}
	conn := newConn(s, keyOf(at.URL))
	if at.URL.Scheme == "https" {
		if err := conn.secure(yield, c.config(at)); err != nil {
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

func newConn(s *sock.Socket, key string) *conn {
	line := &line{Socket: s}
	conn := &conn{Conn: line, line: line, key: key}
	conn.in = bufio.NewReaderSize(conn, 32<<10)
	return conn
}

// secure puts TLS over the line.
func (c *conn) secure(yield coro.Yield, config *tls.Config) error {
	c.line.secure, c.line.yield = true, yield
	over := tls.Client(c.line, config)
	if err := over.Handshake(); err != nil {
		return err
	}
	c.Conn = over
	return c.line.flush(yield)
}

// config returns the TLS configuration for the server of at.
func (c *Client) config(at *http.Request) *tls.Config {
	config := c.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = serverName(at.URL)
	}
	config.NextProtos = []string{"http/1.1"}
	return config
}

// state describes TLS; nil without it.
func (c *conn) state() *tls.ConnectionState {
	if over, ok := c.Conn.(*tls.Conn); ok {
		state := over.ConnectionState()
		return &state
	}
	return nil
}

// Close ends the connection, and never pauses.
func (c *conn) Close() {
	c.line.yield = nil
	_ = c.Conn.Close() // it sends close_notify, if there is TLS
}

// quiet reports whether the server has neither closed the connection nor said anything
// that it wasn't asked for. It never pauses.
func (c *conn) quiet() bool {
	c.line.yield = nil
	_, err := c.in.Peek(1)
	return errors.Is(err, errNotNow)
}

// line is a socket as a net.Conn, for the task whose yield it has at the moment.
type line struct {
	*sock.Socket
	yield    coro.Yield // of the task that reads; nil: a read that would wait is errNotNow
	secure   bool       // TLS runs over it
	out      []byte     // written, and not sent yet
	uploader *upload    // sends a body, and flushes; nil if none does
}

// mostUnsent bounds what crypto/tls can have to say while another task sends: a server
// could ask for it without end.
const mostUnsent = 1 << 20

var errUnsent = errors.New("the server makes us answer faster than it reads")

// Read reads what is there. Over TLS the end is ErrCut: crypto/tls, between two records,
// takes it for a proper end, as if close_notify had come. Then anybody on the way could
// cut a body that ends with the connection, and it would look whole (RFC 9112, 9.8).
func (l *line) Read(p []byte) (n int, err error) {
	if l.yield == nil {
		n, err = l.take(p)
	} else {
		if l.uploader == nil {
			err = l.flush(l.yield)
		}
		if err == nil {
			n, err = sock.ReadInto(l.yield, l.Socket, p)
		}
	}
	if err == io.EOF && l.secure {
		err = ErrCut
	}
	return n, err
}

// take reads what has arrived.
func (l *line) take(p []byte) (int, error) {
	if l.FD() < 0 {
		return 0, net.ErrClosed
	}
	n, err := l.Loop().Calls().Recv(l.FD(), p)
	switch {
	case err != nil: // EAGAIN, or what the next read will say
		return 0, errNotNow
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Write collects p for flush.
func (l *line) Write(p []byte) (int, error) {
	if len(l.out)+len(p) > mostUnsent {
		return 0, errUnsent
	}
	l.out = append(l.out, p...)
	return len(p), nil
}

// flush sends what was written. While a task sends a body, only that may call it.
func (l *line) flush(yield coro.Yield) error {
	for len(l.out) > 0 {
		out := l.out
		l.out = nil
		if err := sock.Send(yield, l.Socket, out); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the socket. What was written goes out if there is room for it.
func (l *line) Close() error {
	if len(l.out) > 0 && l.uploader == nil && l.FD() >= 0 {
		_, _ = l.Loop().Calls().Send(l.FD(), l.out)
	}
	return l.Socket.Close()
}

// SetWriteDeadline does nothing: crypto/tls sets one for its close_notify, which never
// waits here.
func (l *line) SetWriteDeadline(time.Time) error { return nil }

// errNotNow says that a read would have to wait. To crypto/tls that is no end: it is
// Temporary.
var errNotNow net.Error = notNow{}

type notNow struct{}

func (notNow) Error() string   { return "nothing has arrived" }
func (notNow) Timeout() bool   { return true }
func (notNow) Temporary() bool { return true }
