package sock

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"stepwise/pkg/coro"
)

var (
	// ErrRenegotiation: a tls.Config allows what TLSConn can't do.
	ErrRenegotiation = errors.New("want RenegotiateNever: a handshake in mid-conversation would stop the loop")
	// ErrCut: the connection has ended without TLS's close_notify. Anybody on the way can
	// end it like that. It is also io.ErrUnexpectedEOF.
	ErrCut = fmt.Errorf("connection ended without close_notify: %w", io.ErrUnexpectedEOF)
)

// TLSConn is a TLS connection for the tasks of a loop, a net.Conn like Stream's: one task
// may read while another writes, and everything else is refused at once, in the same words.
//
// Nothing that a task or the peer does here can stop the loop. crypto/tls holds locks
// while it waits for its connection, and a task that runs into one would take the loop
// with it. So its connection is memory, which it never waits for: it takes what has
// arrived and leaves what is to be sent, and the task pauses outside of it. Therefore a
// read or a write that is canceled, or too late, does the connection no harm either.
//
// Read errors: io.EOF if the peer has taken its leave (close_notify); ErrCut if the
// connection has ended without that, so something may be missing; a *net.OpError around
// crypto/tls's own errors, which end the connection; and those of ReadInto. Write
// errors are those of Send. SendError.Sent counts what has been encrypted: it goes out
// with the next call, so go on with what follows it.
type TLSConn struct {
	socket *Socket
	conn   *tls.Conn
	wire   *wire
}

var _ net.Conn = (*TLSConn)(nil)

// TLSClient opens TLS on s, as its client, and pauses until both sides have agreed. config
// needs a ServerName, as for tls.Client. From then on s belongs to the TLSConn; if the
// handshake fails, s is closed, and *net.OpError says why: future.ErrCanceled, a
// *tls.CertificateVerificationError … ErrBusy, task.ErrNoTask and ErrRenegotiation come
// before it, and leave s as it was. It has no time limit of its own.
func TLSClient(yield coro.Yield, s *Socket, config *tls.Config) (*TLSConn, error) {
	if config != nil && config.Renegotiation != tls.RenegotiateNever {
		return nil, s.opError("tls handshake", ErrRenegotiation)
	}
	return shakeHands(yield, s, false, func(w *wire) *tls.Conn { return tls.Client(w, config) })
}

// TLSServer is TLSClient for the other side. config needs a certificate, as for tls.Server.
func TLSServer(yield coro.Yield, s *Socket, config *tls.Config) (*TLSConn, error) {
	return shakeHands(yield, s, false, func(w *wire) *tls.Conn { return tls.Server(w, config) })
}

// TLSServerOrPlain is TLSServer, but if the client's first bytes aren't TLS, s stays open:
// the error is a tls.RecordHeaderError, whose Conn is the Stream of s. It has the first five
// bytes; more may have been read, and dropped. Answer there in plain, and close s.
func TLSServerOrPlain(yield coro.Yield, s *Socket, config *tls.Config) (*TLSConn, error) {
	return shakeHands(yield, s, true, func(w *wire) *tls.Conn { return tls.Server(w, config) })
}

// shakeHands is the only time when the task pauses inside of crypto/tls: nobody else has
// the connection yet.
func shakeHands(yield coro.Yield, s *Socket, orPlain bool, begin func(*wire) *tls.Conn) (*TLSConn, error) {
	for _, d := range []*side{&s.read, &s.write} {
		if err := s.claim(yield, d); err != nil {
			return nil, s.opError("tls handshake", err)
		}
		defer d.release()
	}
	w := &wire{Socket: s, yield: yield}
	conn := begin(w)
	err := conn.Handshake()
	w.yield = nil
	if err == nil {
		return &TLSConn{s, conn, w}, nil
	}
	var first tls.RecordHeaderError
	if orPlain && errors.As(err, &first) && first.Conn != nil {
		first.Conn = Stream(s)
		return nil, s.opError("tls handshake", first)
	}
	_ = s.Close()
	return nil, s.opError("tls handshake", err)
}

// Read reads what is there into p, waiting until there is something. What has been
// decrypted already comes without a turn for the other tasks, as from a bufio.Reader.
func (c *TLSConn) Read(p []byte) (n int, err error) {
	s := c.socket
	yield, err := s.here("read")
	if err != nil {
		return 0, err
	}
	if err := s.claim(yield, &s.read); err != nil {
		return 0, s.opError("read", err)
	}
	defer s.read.release()
	if n := c.ahead(p); n > 0 {
		return n, nil
	}
	err = s.retry(yield, &s.read, func() (err error) { n, err = c.attempt(p); return err })
	return n, s.readError(err)
}

// TryRead is the Socket's: it reads what has arrived into p, and never pauses.
func (c *TLSConn) TryRead(p []byte) (n int, err error) {
	c.wire.try = true
	defer func() { c.wire.try = false }()
	err = c.socket.tryRead(func() (err error) { n, err = c.attempt(p); return err })
	return n, err
}

// MidRecord reports whether a record has begun to come, and its end is still to come.
// Socket().Arrived can't see its beginning any more.
func (c *TLSConn) MidRecord() bool { return c.wire.midRecord() }

// attempt makes one attempt.
func (c *TLSConn) attempt(p []byte) (int, error) {
	n, err := c.conn.Read(p)
	c.answer()
	switch {
	case n > 0: // an error behind data comes again
		return n, nil
	case err != nil:
		return 0, cmp.Or(c.wire.err, err)
	}
	return 0, nil
}

// ahead reads what crypto/tls has taken from the kernel before. So a task that waits in
// Read knows that there is none: otherwise whoever closes an idle connection would lose it.
func (c *TLSConn) ahead(p []byte) int {
	if c.socket.read.expired {
		return 0
	}
	c.wire.dry = true
	defer func() { c.wire.dry = false }()
	n, _ := c.attempt(p)
	return n
}

// answer sends what a read has left to be sent, such as an agreement to new keys, as far
// as the kernel takes it now. The rest goes out before what is written next: RFC 8446,
// 4.6.3.
func (c *TLSConn) answer() {
	if !c.socket.write.busy {
		c.wire.sendNow()
	}
}

// Write sends all of p, and waits whenever the peer is slow.
func (c *TLSConn) Write(p []byte) (sent int, err error) {
	const piece = 32 << 10 // what is encrypted at once must be kept until it is sent
	yield, err := c.socket.here("send")
	if err != nil {
		return 0, err
	}
	err = c.send(yield, func() error {
		for sent < len(p) {
			n, err := c.conn.Write(p[sent:min(len(p), sent+piece)])
			sent += n
			if err != nil {
				return err
			}
			if err := c.wire.flush(yield); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return sent, c.socket.opError("send", &SendError{sent, len(p), err})
	}
	return sent, nil
}

// CloseWrite tells the peer that nothing more comes (close_notify), and waits until the
// kernel has taken it. Reading goes on. Errors are those of Write.
func (c *TLSConn) CloseWrite() error {
	yield, err := c.socket.here("close write")
	if err != nil {
		return err
	}
	err = c.send(yield, c.conn.CloseWrite)
	return c.socket.opError("close write", err)
}

// send runs body, which leaves something to be sent, and begins with what a canceled call
// has left.
func (c *TLSConn) send(yield coro.Yield, body func() error) error {
	s := c.socket
	if err := s.claim(yield, &s.write); err != nil {
		return err
	}
	defer s.write.release()
	if err := c.wire.flush(yield); err != nil {
		return err
	}
	if err := body(); err != nil {
		return cmp.Or(c.wire.err, err)
	}
	return c.wire.flush(yield)
}

// Close tells the peer that nothing more comes, unless a Write is under way or the kernel
// has no room, and closes the Socket. It never pauses. Tasks that wait in Read or Write get
// net.ErrClosed, and so does a second Close. Only the loop's goroutine may call it.
func (c *TLSConn) Close() error {
	if s := c.socket; s.fd >= 0 && !s.write.busy {
		_ = c.conn.CloseWrite()
		c.wire.sendNow()
	}
	return c.socket.Close()
}

// Socket is what c is made of, for its options and for Abort. Don't read from it or send.
func (c *TLSConn) Socket() *Socket { return c.socket }

// ConnectionState says what the two sides have agreed on.
func (c *TLSConn) ConnectionState() tls.ConnectionState { return c.conn.ConnectionState() }

// LocalAddr is the Socket's.
func (c *TLSConn) LocalAddr() net.Addr { return c.socket.LocalAddr() }

// RemoteAddr is the Socket's.
func (c *TLSConn) RemoteAddr() net.Addr { return c.socket.RemoteAddr() }

// SetDeadline is Socket's, for Read and Write.
func (c *TLSConn) SetDeadline(t time.Time) error { return c.socket.SetDeadline(t) }

// SetReadDeadline is Socket's, for Read.
func (c *TLSConn) SetReadDeadline(t time.Time) error { return c.socket.SetReadDeadline(t) }

// SetWriteDeadline is Socket's, for Write.
func (c *TLSConn) SetWriteDeadline(t time.Time) error { return c.socket.SetWriteDeadline(t) }
