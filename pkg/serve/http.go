package serve

// The server's side of HTTP/1.1: read a request, answer it, and start over on the same
// connection. Read serve.go first; head.go reads the requests, response.go writes the
// answers, dir.go makes them from files.

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/wait"
)

// Handler answers a request, in the task of its connection. Other tasks of the loop may read
// r.Body and write to w too, one at a time: a second reader or writer gets sock.ErrBusy. Both
// end when the Handler returns: a task that is still at one of them gets an error, and the
// connection ends.
//
// A Handler may return before it has read r.Body: the answer goes out at once. If no more
// than 64 KiB of the body are left, they are read behind the answer, and the connection is
// kept. Otherwise, and if chunks haven't all arrived, it ends: the client has a second to
// read the answer, and what it sends meanwhile is dropped.
//
// A Handler that panics with http.ErrAbortHandler ends the connection, and nothing is
// reported, as in net/http: the client sees that the answer isn't whole. A proxy whose own
// source has failed does that.
//
// r.Context is never done. If the client leaves, reading and writing fail.
type Handler func(yield coro.Yield, w *ResponseWriter, r *http.Request)

// Limits says how long a client may take. 0 stands for the default.
type Limits struct {
	Head  time.Duration // for a whole head, from its first byte, or for the first head from the connection on: 10 s
	Idle  time.Duration // between an answer and the next request: 60 s
	Piece time.Duration // to take the next 256 KiB of an answer, or to send the next 256 KiB of a body: 60 s
}

func (l Limits) withDefaults() Limits {
	return Limits{cmp.Or(l.Head, 10*time.Second), cmp.Or(l.Idle, time.Minute), cmp.Or(l.Piece, time.Minute)}
}

// HTTP is a Handle that speaks HTTP/1.1 and 1.0 and lets h answer: on a kept connection,
// requests in their order, pipelined or not. It answers by itself the requests that no
// handler should see: malformed ones (400), an unknown expectation (417), a head that is
// too long (431), a transfer coding other than chunked (501) and other versions (505).
// Then it closes. A client that is too slow is dropped without an answer.
//
// Errors: ErrGoing, ErrHeadTooLong, ErrBadRequest for the other requests that h didn't
// see, and those of sending and reading.
func HTTP(h Handler, limits Limits) func(yield coro.Yield, c *Conn) error {
	limits = limits.withDefaults()
	return func(yield coro.Yield, c *Conn) error {
		v := &visit{Conn: c, yield: yield, handler: h, limits: limits}
		v.requests = newRequests(v, func() { _ = v.SetReadDeadline(v.Loop().Time().Add(limits.Head)) })
		return v.talk()
	}
}

// today is the time of an answer, in the words of its Date, which has whole seconds.
type today struct {
	second int64
	words  string
}

func (s *Server) date(now time.Time) string {
	if second := now.Unix(); s.today.words == "" || second != s.today.second {
		s.today = today{second, now.UTC().Format(http.TimeFormat)}
	}
	return s.today.words
}

// visit is one connection and its requests.
type visit struct {
	*Conn
	*requests
	yield   coro.Yield
	handler Handler
	limits  Limits
	hurry   bool        // Read doesn't wait
	budget  wait.Budget // of requests: those that have come together are answered without a wait
}

func (v *visit) talk() error {
	limit := v.limits.Head // a client that connects has something to say
	for {
		if err := v.budget.Spend(v.yield); err != nil {
			return err
		}
		r, err := v.next(limit)
		switch {
		case err == io.EOF || errors.Is(err, sock.ErrCut): // between two requests that is the regular end
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

// next waits for a request, at most limit for its first byte, and reads its head. An
// empty line is not a request. A deadline is set only before a wait: nearly always the head
// comes whole, and has no body.
func (v *visit) next(limit time.Duration) (r *http.Request, err error) {
	until := v.Loop().Time().Add(limit)
	for err = errBlank; err == errBlank; r, err = v.read() {
		if v.buffered() > 0 {
			continue
		}
		_ = v.SetReadDeadline(until)
		v.budget.Renew()
		err := v.Idle(func() error {
			_, err := v.in.Peek(1)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if r != nil {
		r.TLS = v.TLS()
	}
	return r, err
}

// refuse answers if an answer can help, and closes.
func (v *visit) refuse(err error) error {
	var no *refusal
	if !errors.As(err, &no) {
		return err
	}
	w := v.writer(&http.Request{Method: no.method, ProtoMajor: 1, ProtoMinor: 1, Close: true})
	http.Error(w, no.why, no.status)
	if w.finish() == nil {
		v.linger()
	}
	return err
}

// answer makes the handler answer r, and reports whether the connection can serve another
// request.
func (v *visit) answer(r *http.Request) (again bool, err error) {
	w := v.writer(r)
	b := v.body(w, r)
	defer w.release() // after a panic of the handler
	defer b.Close()
	if err := v.handle(w, r); err != nil {
		return false, err
	}
	if err := b.end(v.yield); err != nil {
		return false, err
	}
	w.close = w.close || !b.short()
	if err := w.finish(); err != nil {
		return false, err
	}
	if w.close || !b.skip() {
		v.linger()
		return false, nil
	}
	return true, nil
}

// handle calls the handler. A panic by which it gives up its answer is an error.
func (v *visit) handle(w *ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = http.ErrAbortHandler
		default:
			panic(p)
		}
	}()
	v.handler(v.yield, w, r)
	return nil
}
