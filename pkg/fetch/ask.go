package fetch

// The first half of an exchange: a connection, the request over it, and the head of the
// answer. Read exchange.go before it, and answer.go next.

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
)

// ask sends the request and reads the head of the answer. A server may close a kept
// connection at any time, even while the request is on its way to it. Then a request that
// may be made twice is made again, once, on a new connection (RFC 9110, 9.2.2).
func (x *exchange) ask(yield coro.Yield) (Head, error) {
	for fresh := false; ; fresh = true {
		if err := x.connect(yield, fresh); err != nil {
			return Head{}, err
		}
		again := x.conn.served && x.repeatable()
		head, err := x.try(yield)
		var silent *silence
		if err == nil || !again || !errors.As(err, &silent) {
			return head, err
		}
		x.leave(false)
		if err := x.rewind(); err != nil {
			return Head{}, err
		}
	}
}

// repeatable reports whether the request may be made twice: it changes nothing more then
// (RFC 9110, 9.2.2), or says by a key that it is the same, and its body can be had again.
func (x *exchange) repeatable() bool {
	if lengthToSend(x.at) != 0 && x.at.GetBody == nil {
		return false
	}
	switch x.at.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return slices.ContainsFunc([]string{"Idempotency-Key", "X-Idempotency-Key"}, func(name string) bool { return x.at.Header[name] != nil })
}

// rewind gets the request's body again.
func (x *exchange) rewind() (err error) {
	if lengthToSend(x.at) == 0 {
		return nil
	}
	x.upload, x.sender = nil, nil
	x.at.Body, err = x.at.GetBody()
	return err
}

// connect takes a kept connection to the server, or opens one.
func (x *exchange) connect(yield coro.Yield, fresh bool) (err error) {
	key := keyOf(x.at.URL)
	if err := x.pool.enter(yield, key); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			x.pool.exit(key)
		}
	}()
	var conn *conn
	if !fresh {
		conn = x.pool.take(key)
	}
	if conn != nil {
		if err := x.admit(ipOf(conn.socket.RemoteAddr())); err != nil {
			x.pool.put(conn)
			return err
		}
	} else if conn, err = x.dial(yield, x.at, key, x.admit); err != nil {
		return err
	}
	x.conn, x.peer = conn, ipOf(conn.socket.RemoteAddr())
	return nil
}

// try makes one attempt on x.conn. A server that refuses a request may answer and close
// before it has read everything, so an answer is looked for even if sending has failed.
func (x *exchange) try(yield coro.Yield) (Head, error) {
	unsent := x.send(yield)
	if unsent != nil && !gone(unsent) {
		return Head{}, unsent
	}
	if _, err := x.conn.in.Peek(1); err != nil {
		switch {
		case err == io.EOF || errors.Is(err, ErrCut):
			err = ErrNoAnswer
		case !gone(err):
			return Head{}, err
		}
		if unsent != nil {
			err = unsent
		}
		return Head{}, &silence{err}
	}
	return ReadHead(x.conn.in)
}

// send sends the request's head, and begins with its body.
func (x *exchange) send(yield coro.Yield) error {
	writeHead(x.conn, x.at)
	if lengthToSend(x.at) == 0 {
		return x.conn.flush()
	}
	x.upload = &upload{body: x.at.Body, left: lengthToSend(x.at), conn: x.conn}
	return x.upload.start(yield, x)
}

// silence is how a connection ended on which nothing of an answer came.
type silence struct{ error }

func (s *silence) Unwrap() error { return s.error }

// gone reports whether err says that the server has gone away.
func gone(err error) bool {
	var ours *bodyError
	return !errors.As(err, &ours) && (errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET))
}
