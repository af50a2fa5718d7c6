package serve

// A connection: what its Handle reads and writes, when it is idle, and how it ends. Read
// serve.go first.

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Conn is a connection that a Server has accepted. It is a net.Conn for its Handle: Read,
// Write and CloseWrite pause the task that calls them where they would block, so bufio and
// the like work on it. With TLS, it is a sock.TLSConn: what they read and write is
// encrypted on the way. The verbs of package sock work on its Socket, below TLS, so use
// them only without it.
//
// One task may read while another writes; a second reader or writer is refused at once,
// with sock.ErrBusy. Nothing that a client sends can stop the loop.
//
// A Read that is canceled or too late, as by a task.Timeout, leaves the connection as it
// was. So does a Write, with TLS too: its *sock.SendError says how much was Sent, and you
// can send the rest. A handshake that doesn't end in time ends the connection.
type Conn struct {
	*sock.Socket
	server *Server
	task   *task.Task
	stream net.Conn      // what Read and Write use: the Socket's Stream, or secure; nil before the task runs
	secure *sock.TLSConn // nil without TLS, and before the handshake is over
	idle   bool          // it waits for the peer, and owes no answer
	ended  bool          // CloseWrite has told the peer that nothing more comes
}

var _ net.Conn = (*Conn)(nil)

// serve is the task of c.
func (c *Conn) serve(yield coro.Yield) error {
	defer c.Close()
	if c.server.TLS != nil {
		return c.serveTLS(yield)
	}
	return c.server.Handle(yield, c)
}

// serveTLS is the handshake, and then Handle. If that returns nil, TLS says goodbye: a peer
// that hears nothing knows that it was cut.
func (c *Conn) serveTLS(yield coro.Yield) error {
	if err := c.handshake(yield); err != nil {
		return err
	}
	err := c.server.Handle(yield, c)
	if err == nil {
		_ = c.secure.CloseWrite()
	}
	return err
}

// Read reads what the peer has sent, as a net.Conn does. Errors are those of
// sock.ReadInto or, with TLS, of sock.TLSConn.
func (c *Conn) Read(p []byte) (int, error) { return c.stream.Read(p) }

// Write sends all of p, as a net.Conn does. Errors are those of sock.Send or, with TLS, of
// sock.TLSConn.
func (c *Conn) Write(p []byte) (int, error) { return c.stream.Write(p) }

// CloseWrite tells the peer that nothing more comes; with TLS, it says so in TLS first.
// What the peer sends can still be read.
func (c *Conn) CloseWrite() error {
	if c.secure != nil {
		if err := c.secure.CloseWrite(); err != nil {
			return err
		}
	}
	err := c.Socket.CloseWrite()
	c.ended = err == nil
	return err
}

// TLS says what the handshake has agreed on; nil without TLS.
func (c *Conn) TLS() *tls.ConnectionState {
	if c.secure == nil {
		return nil
	}
	state := c.secure.ConnectionState()
	return &state
}

// Going reports whether the server is being shut down: the next answer on c should be its
// last.
func (c *Conn) Going() bool { return c.server.going }

// Idle runs wait, which reads what the peer sends next, and marks c as idle meanwhile: a
// Shutdown that comes then, or came before, closes c as soon as wait pauses and nothing has
// arrived, and Idle returns ErrGoing. What wait finds in a buffer of its own is still
// served. Other errors are those of wait.
//
// Idle can't look into such a buffer. So let wait do no more than Peek(1), and only if
// nothing is Buffered; then read the request outside Idle. A connection is then not idle
// once the first half of a request has come, and the rest has until the end of the drain.
func (c *Conn) Idle(wait func() error) error {
	c.idle = true
	if c.Going() { // the Shutdown has looked already, and won't look again
		c.Loop().CallSoon(c.drop)
	}
	err := wait()
	c.idle = false
	if c.Going() && errors.Is(err, net.ErrClosed) {
		return ErrGoing
	}
	return err
}

// Arrived reports whether the peer has sent something that the Handle hasn't read, or has
// ended its side. With TLS, a part of a record counts. It doesn't count what is in a buffer
// of the Handle's own. Only the loop's goroutine may call it.
func (c *Conn) Arrived() bool {
	return c.Socket.Arrived() || c.secure != nil && c.secure.MidRecord()
}

// drop closes c if it is idle and the peer has sent nothing.
func (c *Conn) drop() {
	if c.idle && !c.Arrived() {
		c.leave()
	}
}

// leave closes c where nothing is cut. With TLS, it says goodbye.
func (c *Conn) leave() {
	if c.secure != nil {
		_ = c.secure.Close()
		return
	}
	_ = c.Close()
}

// cut ends c at once. If the Handle was at work, the peer gets a reset: after a plain close,
// the part of an answer that it has would look whole.
func (c *Conn) cut() {
	if c.idle || c.ended {
		c.leave()
		return
	}
	_ = c.Abort()
}

// linger ends c in such a way that the peer can read our last words: it tells the peer that
// nothing more comes, and reads on until the peer has closed, for at most a second
// (RFC 9112, 9.6). Closing while something from the peer is unread is a reset, which may
// throw them away, however much has been read before.
func (c *Conn) linger(rest io.Reader) {
	const wait = time.Second
	if c.CloseWrite() != nil {
		return
	}
	_ = c.SetReadDeadline(c.Loop().Time().Add(wait))
	_, _ = io.Copy(io.Discard, rest)
}
