package serve

// The body of a request, and the end of a connection: the next request depends on them.
// Read http.go first.

import (
	"io"
	"net/http"
)

// expect arranges that a client that asks first is told to go on, once the handler reads.
func (v *visit) expect(w *ResponseWriter, r *http.Request) {
	if joined(r, "Expect") != "" && r.ContentLength != 0 && r.ProtoAtLeast(1, 1) {
		r.Body = &awaited{ReadCloser: r.Body, w: w, close: w.close}
		w.close = true // unless the body is read, we don't know whether it comes
	}
}

// awaited is the body of a client that waits for "100 Continue" before it sends it.
type awaited struct {
	io.ReadCloser
	w     *ResponseWriter
	close bool // the answer's close, as it was before
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

// dropBody reads the rest of the body, so that the next request is found behind it, and
// reports whether the rest was short enough, and complete.
func (v *visit) dropBody(r *http.Request) bool {
	const little = 64 << 10
	if r.Body == http.NoBody {
		return true
	}
	_, err := io.CopyN(io.Discard, r.Body, little)
	return err == io.EOF
}

// linger is Conn's, for what the client sends behind its last request.
func (v *visit) linger() {
	_, _ = v.in.Discard(v.in.Buffered()) // of a refused head: it has been read already, and doesn't count
	v.Conn.linger(v.in)
}
