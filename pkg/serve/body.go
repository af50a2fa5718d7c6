package serve

// The body of a request, and the end of a connection: what the next request depends
// on. Read http.go first.

import (
	"io"
	"net/http"
	"time"
)

// expect has a client that asks first told to go on, once the handler reads.
func (v *visit) expect(w *ResponseWriter, r *http.Request) {
	if joined(r, "Expect") != "" && r.ContentLength != 0 && r.ProtoAtLeast(1, 1) {
		r.Body = &awaited{ReadCloser: r.Body, w: w, close: w.close}
		w.close = true // unless it is read, we don't know whether it comes
	}
}

// awaited is the body of a client that waits for "100 Continue" before it sends it.
type awaited struct {
	io.ReadCloser
	w     *ResponseWriter
	close bool // what the answer's was
	told  bool
}

func (a *awaited) Read(p []byte) (int, error) {
	if !a.told && !a.w.begun {
		a.told, a.w.close = true, a.close
		if _, err := a.w.out.WriteString("HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return 0, err
		}
		if err := a.w.out.Flush(); err != nil {
			return 0, err
		}
	}
	return a.ReadCloser.Read(p)
}

// dropBody reads what the handler has left of the body, so that the next request is
// where it is looked for, and reports whether it was little enough, and whole.
func (v *visit) dropBody(r *http.Request) bool {
	const little = 64 << 10
	_, err := io.CopyN(io.Discard, r.Body, little)
	return err == io.EOF
}

// linger closes so that the peer reads our last answer. To close while something of
// its lies unread is a reset, and that may throw the answer away.
func (v *visit) linger() {
	const most, wait = 256 << 10, time.Second
	if v.CloseWrite() != nil {
		return
	}
	_, _ = v.in.Discard(v.in.Buffered()) // a refused head: it has been read, and isn't most's affair
	_ = v.SetReadDeadline(time.Now().Add(wait))
	_, _ = io.CopyN(io.Discard, v.in, most)
}
