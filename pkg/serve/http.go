package serve

// The server's side of HTTP/1.1: read a head, answer, and again on the same
// connection. Read serve.go first; response.go writes the answers, dir.go makes them
// of files.

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// What a connection ends with that broke a rule.
var (
	ErrHeadTooLong = errors.New("the head of the request is too long")
	ErrBadRequest  = errors.New("the request is no HTTP/1.1 or 1.0")
)

// mostHead bounds a request's head. A line of 64 KB has room.
const mostHead = 128 << 10

// Handler answers a request, in the task of its connection. What it doesn't read of
// r.Body is dropped.
type Handler func(yield coro.Yield, w *ResponseWriter, r *http.Request)

// Limits is how long a client may take. 0 is the default.
type Limits struct {
	Head  time.Duration // for a whole head, from its first byte; for the first, from the connection on: 10 s
	Idle  time.Duration // between an answer and the next request: 60 s
	Piece time.Duration // to take the next 256 KiB of an answer, or to send the body of a request: 60 s
}

func (l Limits) or(d Limits) Limits {
	return Limits{cmp.Or(l.Head, d.Head), cmp.Or(l.Idle, d.Idle), cmp.Or(l.Piece, d.Piece)}
}

var usual = Limits{Head: 10 * time.Second, Idle: time.Minute, Piece: time.Minute}

// HTTP is a Handle that speaks HTTP/1.1 and 1.0 and has h answer: requests on a kept
// connection in their order, pipelined or not. It answers by itself what is no HTTP
// (400), a head that is too long (431) and versions that it doesn't speak (505), and
// closes then. A client that is too slow is dropped without an answer.
//
// Errors: ErrGoing, ErrHeadTooLong, ErrBadRequest, and those
// of sending and reading.
func HTTP(h Handler, limits Limits) func(yield coro.Yield, c *Conn) error {
	limits = limits.or(usual)
	return func(yield coro.Yield, c *Conn) error {
		v := &visit{Conn: c, yield: yield, handler: h, limits: limits}
		v.in = bufio.NewReaderSize(&v.source, 4096)
		v.source = source{conn: sock.Stream(yield, c.Socket)}
		return v.talk()
	}
}

// visit is one connection and its requests.
type visit struct {
	*Conn
	yield   coro.Yield
	handler Handler
	limits  Limits
	source  source
	in      *bufio.Reader // what the client sends, through source
}

// source is the connection, with a bound on what may be read of it for a head.
type source struct {
	conn  io.Reader
	bound bool
	left  int   // if bound
	err   error // the connection's, but for its end: who parses may hide it
}

func (s *source) Read(p []byte) (int, error) {
	if s.bound {
		if s.left <= 0 {
			return 0, ErrHeadTooLong
		}
		p = p[:min(len(p), s.left)]
	}
	n, err := s.conn.Read(p)
	s.left -= n
	if err != io.EOF {
		s.err = err
	}
	return n, err
}

func (v *visit) talk() error {
	limit := v.limits.Head // who connects has something to say
	for {
		r, err := v.next(limit)
		switch {
		case err == io.EOF: // between two requests it is the regular end
			return nil
		case err != nil:
			return v.refuse(err)
		}
		again, err := v.answer(r)
		if err != nil || !again {
			return err
		}
		limit = v.limits.Idle
	}
}

// next waits for a request, limit at most for its first byte, and reads its head.
func (v *visit) next(limit time.Duration) (*http.Request, error) {
	v.source.bound, v.source.left = true, mostHead
	_ = v.SetReadDeadline(time.Now().Add(limit))
	for v.in.Buffered() == 0 || v.lineEnd() {
		err := v.Idle(func() error {
			_, err := v.in.Peek(1)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	_ = v.SetReadDeadline(time.Now().Add(v.limits.Head))
	r, err := http.ReadRequest(v.in)
	v.source.bound = false
	switch {
	case err != nil && v.source.err != nil: // too slow, or gone
		return nil, v.source.err
	case err != nil && v.source.left <= 0: // it was cut in the middle of a line
		return nil, ErrHeadTooLong
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBadRequest, err)
	case spaced(r.Header):
		return nil, fmt.Errorf("%w: a space in the name of a header", ErrBadRequest)
	}
	_ = v.SetReadDeadline(time.Now().Add(v.limits.Piece))
	return r, nil
}

// lineEnd drops a line end that some clients send behind a body, and reports whether
// one was there (RFC 9112, 2.2).
func (v *visit) lineEnd() bool {
	if p, _ := v.in.Peek(1); p[0] != '\r' && p[0] != '\n' {
		return false
	}
	_, _ = v.in.Discard(1)
	return true
}

// spaced finds what ReadRequest lets pass: names with a space, "Length :" for
// instance, which others may read as the name without it.
func spaced(h http.Header) bool {
	for name := range h {
		if strings.Contains(name, " ") {
			return true
		}
	}
	return false
}

// refuse answers, where an answer can help, and closes.
func (v *visit) refuse(err error) error {
	status := 0
	switch {
	case errors.Is(err, ErrHeadTooLong):
		status = http.StatusRequestHeaderFieldsTooLarge
	case errors.Is(err, ErrBadRequest):
		status = http.StatusBadRequest
	default:
		return err
	}
	w := v.writer(&http.Request{Method: "GET", ProtoMajor: 1, ProtoMinor: 1})
	w.close = true
	http.Error(w, http.StatusText(status), status)
	if w.finish() == nil {
		v.linger()
	}
	return err
}

// answer has the handler answer r, and reports whether the connection is as good as
// before, for another request.
func (v *visit) answer(r *http.Request) (again bool, err error) {
	w := v.writer(r)
	if code, why := v.reject(r); code != 0 {
		w.close = true
		http.Error(w, why, code)
	} else {
		v.expect(w, r)
		v.handler(v.yield, w, r)
	}
	if !w.close && !v.dropBody(r) {
		w.close = true
	}
	if err := w.finish(); err != nil {
		return false, err
	}
	if !w.close {
		return true, nil
	}
	v.linger()
	return false, nil
}

// reject is about requests that no handler should see.
func (v *visit) reject(r *http.Request) (code int, why string) {
	switch expect := r.Header.Get("Expect"); {
	case r.ProtoMajor != 1:
		return http.StatusHTTPVersionNotSupported, "want HTTP/1.1 or HTTP/1.0"
	case r.ProtoAtLeast(1, 1) && r.Host == "":
		return http.StatusBadRequest, "want a Host"
	case expect != "" && !strings.EqualFold(expect, "100-continue"):
		return http.StatusExpectationFailed, "can't meet what is expected"
	}
	return 0, ""
}
