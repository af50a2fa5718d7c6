package fetch

// A connection to a server, which one exchange after the other may use. One task may read
// the answer while another sends a body. Read pool.go next.

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
)

// conn is a connection, and what was read ahead on it.
type conn struct {
	socket  *sock.Socket
	line    line   // the socket's Stream, or TLS over it
	key     string // of the server: see keyOf
	in      *bufio.Reader
	out     []byte        // written, and not sent yet
	hurry   bool          // a read fails where it would wait
	reading bool          // in waits for us
	served  bool          // an answer came over it: the server may have closed it since
	expires time.Duration // while it is idle: when it will be closed, by the loop's clock
}

// line is what a Stream and a sock.TLSConn have in common.
type line interface {
	net.Conn
	TryRead(p []byte) (int, error)
}

// dial opens a connection, called key, for at and lets admit judge the peer before anything is sent. An
// address in the URL is judged before it is dialed, since it may never answer; with a Dial
// of the caller's it may lead anywhere, so only the connection shows where.
func (c *Client) dial(yield coro.Yield, at *http.Request, key string, admit func(netip.Addr) error) (*conn, error) {
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
	conn := &conn{socket: s, line: sock.Stream(s).(line), key: key}
	conn.in = readers.Get().(*bufio.Reader)
	conn.in.Reset(conn)
	if at.URL.Scheme == "https" {
		if conn.line, err = sock.TLSClient(yield, s, c.config(at)); err != nil {
			_ = s.Close()
			return nil, err
		}
	}
	return conn, nil
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
	if over, ok := c.line.(*sock.TLSConn); ok {
		state := over.ConnectionState()
		return &state
	}
	return nil
}

// readers are used again: a buffer for each page would be most of what a fetch allocates.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 32<<10) }}

// Close ends the connection, and never pauses. Nobody reads from in afterwards, except a task
// that waits in such a read: then in is left to it.
func (c *conn) Close() {
	_ = c.line.Close()
	if in := c.in; in != nil && !c.reading {
		c.in = nil
		in.Reset(nil)
		readers.Put(in)
	}
}

// Read reads what is there, for in. Over TLS the end is ErrCut if the server hasn't
// announced it. Otherwise anybody on the way could cut a body that ends with the
// connection, and it would look whole (RFC 9112, 9.8).
func (c *conn) Read(p []byte) (int, error) {
	if c.hurry {
		return c.line.TryRead(p)
	}
	c.reading = true
	n, err := c.line.Read(p)
	c.reading = false
	return n, err
}

// hurried has read fail with EAGAIN where it would wait.
func (c *conn) hurried(read func() error) error {
	c.hurry = true
	defer func() { c.hurry = false }()
	return read()
}

// quiet reports whether the server has neither closed the connection nor said anything
// that it wasn't asked for. It never pauses.
func (c *conn) quiet() bool {
	err := c.hurried(func() error { _, err := c.in.Peek(1); return err })
	over, secure := c.line.(*sock.TLSConn)
	return errors.Is(err, unix.EAGAIN) && !(secure && over.MidRecord())
}

// Write collects p for flush: what was written together is sent together.
func (c *conn) Write(p []byte) (int, error) {
	c.out = append(c.out, p...)
	return len(p), nil
}

// WriteString is Write, for what would be copied otherwise.
func (c *conn) WriteString(s string) (int, error) {
	c.out = append(c.out, s...)
	return len(s), nil
}

// say writes texts.
func (c *conn) say(texts ...string) {
	for _, text := range texts {
		c.out = append(c.out, text...)
	}
}

// flush sends what was written.
func (c *conn) flush() error {
	out := c.out
	c.out = nil
	_, err := c.line.Write(out)
	return err
}
