package serve

import (
	"bufio"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
)

// ResponseWriter is the answer to one request. It is an http.ResponseWriter, so http.Error
// and the like can write to it, and an http.ServeMux can choose who does: its ServeHTTP(w, r)
// runs in your task. Only tasks of its loop may use it, and one at a time: while one
// sends, another gets sock.ErrBusy. When its Handler has returned, the error is net.ErrClosed.
//
// The body ends as its head says: by the Content-Length that the handler has set, or that
// is known because the whole body fits into a buffer; otherwise by chunks, and for
// HTTP/1.0 by closing. For HEAD, 204 and 304 the body is counted, not sent. Without a
// Content-Type of yours there is none: unlike net/http's, this server doesn't guess.
//
// Invariants: begun ⇔ the head is written; left ≥ 0 ⇔ it holds a Content-Length.
type ResponseWriter struct {
	visit    *visit
	request  *http.Request
	header   http.Header
	ours     [8]string // values in header and head, so that they need no memory of their own for them
	set      int       // how many of ours are
	status   int       // 0 until it is decided
	*room              // nil once the answer has ended
	begun    bool
	chunked  bool
	bare     bool  // no body is sent
	left     int64 // of the Content-Length; -1 if there is none
	close    bool  // the connection ends with this answer
	finished bool  // all of it was sent
	busy     bool  // a task sends
	err      error // the first one; later ones are dropped
}

// firstMost is how much of a body is kept back, in case that is all and tells its length.
const firstMost = 4096

// room is what an answer needs until it has ended.
type room struct {
	out   *bufio.Writer
	head  http.Header // what is sent: header, as it was when the status was decided
	first []byte      // the beginning of the body, until the head is written
}

var rooms = sync.Pool{New: func() any { return &room{bufio.NewWriterSize(nil, 8<<10), http.Header{}, make([]byte, 0, firstMost)} }}

func (v *visit) writer(r *http.Request) *ResponseWriter {
	w := &ResponseWriter{visit: v, request: r, header: http.Header{}, room: rooms.Get().(*room), left: -1}
	w.out.Reset(pieces{v})
	w.close = r.Close
	w.bare = r.Method == http.MethodHead
	return w
}

// setHeader sets a field of h. name must be in its canonical form.
func (w *ResponseWriter) setHeader(h http.Header, name, value string) {
	if w.set == len(w.ours) {
		h[name] = []string{value}
		return
	}
	w.ours[w.set] = value
	w.set++
	h[name] = w.ours[w.set-1 : w.set : w.set]
}

// Header is what WriteHeader will send, or the first Write. Later changes have no effect.
func (w *ResponseWriter) Header() http.Header { return w.header }

// WriteHeader decides the status, once: a second call does nothing. It panics if status is
// not a final one.
func (w *ResponseWriter) WriteHeader(status int) {
	if status < 200 || status > 999 {
		panic(fmt.Sprintf("serve: WriteHeader with status %d", status))
	}
	if w.status == 0 && w.room != nil {
		w.status = status
		maps.Copy(w.head, w.header)
		w.bare = w.bare || status == http.StatusNoContent || status == http.StatusNotModified
	}
}

// Write sends p as a part of the body, after the head (200, unless WriteHeader has said
// otherwise). Errors: http.ErrContentLength for more than was announced, and those of
// sending, which every later call returns too.
func (w *ResponseWriter) Write(p []byte) (n int, err error) {
	err = w.alone(func() error { n, err = w.write(p); return err })
	return n, err
}

func (w *ResponseWriter) write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if !w.begun && len(w.first)+len(p) <= firstMost {
		if n := announced(w.head); n >= 0 && int64(len(w.first)+len(p)) > n {
			return 0, http.ErrContentLength
		}
		w.first = append(w.first, p...)
		return len(p), nil
	}
	if err := w.begin(false); err != nil {
		return 0, err
	}
	return w.body(p)
}

// body sends p as the head has announced.
func (w *ResponseWriter) body(p []byte) (n int, err error) {
	if err := w.count(int64(len(p))); err != nil {
		return 0, err
	}
	switch {
	case w.bare || len(p) == 0:
		return len(p), nil
	case w.chunked:
		fmt.Fprintf(w.out, "%x\r\n", len(p))
		n, _ = w.out.Write(p)
		_, err = w.out.WriteString("\r\n")
	default:
		n, err = w.out.Write(p)
	}
	return n, w.keep(err)
}

// count keeps the body within its announced length: one byte more would be taken for the
// next answer.
func (w *ResponseWriter) count(n int64) error {
	if w.left < 0 {
		return nil
	}
	if n > w.left {
		return http.ErrContentLength
	}
	w.left -= n
	return nil
}

// keep remembers the first error, and returns it.
func (w *ResponseWriter) keep(err error) error {
	if err != nil && w.err == nil {
		w.err = err
	}
	return w.err
}

// begin writes the head, and then what was kept back. whole says that this is the whole
// body.
func (w *ResponseWriter) begin(whole bool) error {
	if w.begun || w.err != nil {
		return w.err
	}
	w.begun = true
	w.frame(whole)
	_, _ = w.out.WriteString("HTTP/1.1 ")
	_, _ = w.out.Write(strconv.AppendInt(w.out.AvailableBuffer(), int64(w.status), 10))
	_ = w.out.WriteByte(' ')
	_, _ = w.out.WriteString(http.StatusText(w.status))
	_, _ = w.out.WriteString("\r\n")
	_ = w.head.Write(w.out) // out keeps its error
	_, err := w.out.WriteString("\r\n")
	if err == nil && len(w.first) > 0 {
		_, err = w.body(w.first)
	}
	w.first = w.first[:0]
	return w.keep(err)
}

// announced is the Content-Length that the handler has set; -1 if there is none.
func announced(h http.Header) int64 {
	if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		return n
	}
	return -1
}

// frame decides how the body ends, and says so in the header.
func (w *ResponseWriter) frame(whole bool) {
	h := w.head
	h.Del("Transfer-Encoding") // we decide that
	if w.left = announced(h); w.left < 0 {
		h.Del("Content-Length")
	}
	none := w.status == http.StatusNoContent || w.status == http.StatusNotModified
	switch {
	case none || w.left >= 0:
	case whole && !(w.bare && len(w.first) == 0): // a HEAD without a body says nothing of its length
		w.left = int64(len(w.first))
		w.setHeader(h, "Content-Length", strconv.FormatInt(w.left, 10))
	case w.bare:
	case w.request.ProtoAtLeast(1, 1):
		w.chunked = true
		w.setHeader(h, "Transfer-Encoding", "chunked")
	default:
		w.close = true
	}
	w.close = w.close || w.visit.Going()
	if h.Get("Date") == "" {
		w.setHeader(h, "Date", w.visit.server.date(w.visit.Loop().Time()))
	}
	if w.close {
		w.setHeader(h, "Connection", "close")
	} else if !w.request.ProtoAtLeast(1, 1) {
		w.setHeader(h, "Connection", "keep-alive")
	}
}

// Flush sends what has been written, so that the client sees it before the rest.
func (w *ResponseWriter) Flush() {
	_ = w.alone(func() error {
		if w.status == 0 {
			w.WriteHeader(http.StatusOK)
		}
		if w.begin(false) == nil {
			_ = w.keep(w.out.Flush())
		}
		return nil
	})
}
