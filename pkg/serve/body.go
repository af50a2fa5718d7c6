package serve

// The body of a request, and the end of a connection: the next request depends on them.
// Read http.go first.

import (
	"io"
	"net/http"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/wait"
)

// body is the body of a request. It reads from net/http's, which holds a lock while it waits
// for the client: a task that ran into that lock would stop the whole loop. So a second
// reader is refused before it gets there, and Close leaves the rest to short and skip.
type body struct {
	io.Reader
	w      *ResponseWriter // the answer to the same request
	left   int64           // of the Content-Length, not read yet; -1 for chunks
	piece  int             // bytes that have been read of a piece
	time   time.Duration   // that the client has left for the rest of it
	asks   bool            // the client waits for "100 Continue" before it sends the body
	close  bool            // w's close, as it was before asks
	busy   bool            // a task is in Read
	free   wait.Event      // it isn't any more
	closed bool            // by the handler, or because that has returned
}

// body replaces r's. If the client asks first, it is told to go on once the handler reads.
func (v *visit) body(w *ResponseWriter, r *http.Request) *body {
	if r.Body == http.NoBody {
		return nil
	}
	b := &body{Reader: r.Body, w: w, left: r.ContentLength, time: v.limits.Piece}
	if joined(r, "Expect") != "" && r.ContentLength != 0 && r.ProtoAtLeast(1, 1) {
		b.asks, b.close = true, w.close
		w.close = true // unless the body is read, we don't know whether it comes
	}
	r.Body = b
	return b
}

func (b *body) Read(p []byte) (int, error) {
	switch {
	case b.closed:
		return 0, http.ErrBodyReadAfterClose
	case b.busy:
		return 0, b.w.visit.busy("read")
	}
	b.busy = true
	defer func() { b.busy = false; b.free.Set() }()
	if b.asks && !b.w.begun {
		if err := b.goOn(); err != nil {
			return 0, err
		}
	}
	n, err := b.within(p)
	if err != nil && b.closed {
		err = http.ErrBodyReadAfterClose
	}
	return n, err
}

// within reads, and gives the client Limits.Piece for each piece. The time that passes
// between two reads is the handler's own, and doesn't count.
func (b *body) within(p []byte) (int, error) {
	v := b.w.visit
	begin := v.Loop().Now()
	if b.left < 0 || b.left > int64(v.in.Buffered()) {
		_ = v.SetReadDeadline(v.Loop().Time().Add(b.time))
	}
	n, err := b.Reader.Read(p)
	if b.left > 0 {
		b.left -= int64(n)
	}
	b.piece, b.time = b.piece+n, b.time-(v.Loop().Now()-begin)
	if b.piece >= pieceMost {
		b.piece, b.time = 0, v.limits.Piece
	}
	return n, err
}

func (b *body) goOn() error {
	b.asks, b.w.close = false, b.close
	return b.w.alone(func() error {
		if _, err := b.w.out.WriteString("HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return err
		}
		return b.w.out.Flush()
	})
}

// Close ends reading. It never pauses, even while another task reads.
func (b *body) Close() error {
	if b != nil {
		b.closed = true
	}
	return nil
}

// end is Close for a Handler that has returned, and waits until no other task reads: a
// proxy's upload may still do so, after the answer has come.
func (b *body) end(yield coro.Yield) error {
	_ = b.Close()
	if b == nil || !b.busy {
		return nil
	}
	_ = b.w.visit.SetReadDeadline(b.w.visit.Loop().Time()) // that task gets its error at once
	b.free.Clear()
	return b.free.Wait(yield)
}

// little is how much of a body is read that the handler has left.
const little = 64 << 10

// short reports whether what the handler has left of the body is so short that it will be
// read, for the next request is behind it (RFC 9112, 9.3). It doesn't pause: a client may
// read the answer before it sends the rest. What is left of chunks has no known length, so
// it is short only if all of it has arrived.
func (b *body) short() bool {
	switch {
	case b == nil:
		return true
	case b.left >= 0:
		return b.left <= little
	}
	b.w.visit.hurry = true
	defer func() { b.w.visit.hurry = false }()
	return b.drop()
}

// skip reads what is short, behind the answer, and reports whether all of it has come.
func (b *body) skip() bool {
	if b == nil || b.left <= 0 {
		return true
	}
	v := b.w.visit
	_ = v.SetReadDeadline(v.Loop().Time().Add(v.limits.Piece))
	return b.drop()
}

func (b *body) drop() bool {
	_, err := io.CopyN(io.Discard, b.Reader, little+1)
	return err == io.EOF
}

// Read reads from the connection, for requests. In a hurry it takes only what has arrived,
// and its error is EAGAIN if that is nothing.
func (v *visit) Read(p []byte) (int, error) {
	switch {
	case !v.hurry:
		return v.Conn.Read(p)
	case v.secure != nil:
		return v.secure.TryRead(p)
	}
	return v.TryRead(p)
}

// linger is Conn's, for what the client sends behind its last request.
func (v *visit) linger() {
	_, _ = v.in.Discard(v.in.Buffered()) // of a refused head: it has been read already
	v.Conn.linger(v.in)
}
