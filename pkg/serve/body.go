package serve

// The body of a request, and the end of a connection: the next request depends on them.
// Read http.go first.

import (
	"io"
	"net/http"
)

// body is the body of a request. It reads from net/http's, which holds a lock while it waits
// for the client: a task that ran into that lock would stop the whole loop. So a second
// reader is refused before it gets there, and Close leaves the rest to drop.
type body struct {
	io.Reader
	w      *ResponseWriter // the answer to the same request
	asks   bool            // the client waits for "100 Continue" before it sends the body
	close  bool            // w's close, as it was before asks
	busy   bool            // a task is in Read
	closed bool            // by the handler, or because that has returned
}

// body replaces r's. If the client asks first, it is told to go on once the handler reads.
func (v *visit) body(w *ResponseWriter, r *http.Request) *body {
	if r.Body == http.NoBody {
		return nil
	}
	b := &body{Reader: r.Body, w: w}
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
	defer func() { b.busy = false }()
	if b.asks && !b.w.begun {
		if err := b.goOn(); err != nil {
			return 0, err
		}
	}
	return b.Reader.Read(p)
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

// drop reads the rest of the body, so that the next request is found behind it, and reports
// whether the rest was short enough, and complete. Nobody may be left who reads it too.
func (b *body) drop() bool {
	const little = 64 << 10
	switch {
	case b == nil:
		return true
	case b.busy:
		return false
	}
	_, err := io.CopyN(io.Discard, b.Reader, little)
	return err == io.EOF
}

// linger is Conn's, for what the client sends behind its last request.
func (v *visit) linger() {
	_, _ = v.in.Discard(v.in.Buffered()) // of a refused head: it has been read already, and doesn't count
	v.Conn.linger(v.in)
}
