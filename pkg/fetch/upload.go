package fetch

// The body of a request, which is sent while the answer may come already. Read request.go
// and conn.go before it.

import (
	"cmp"
	"fmt"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// upload sends a body while the answer may come already.
type upload struct {
	body   io.ReadCloser
	left   int64 // bytes to come; -1: in chunks, as long as the body is
	conn   *conn
	last   bool // all of it was written
	done   bool // and sent
	err    error
	closed bool
}

// piece is how much of a body is read at a time.
const piece = 32 << 10

// start sends the body in a task of its own, so that the answer can be read meanwhile. A
// short body in memory goes out with the head, without a task.
func (u *upload) start(yield coro.Yield, x *exchange) error {
	if x.at.GetBody != nil && u.left >= 0 && u.left <= 2*piece {
		defer u.close()
		return u.send(yield)
	}
	if err := x.conn.flush(); err != nil {
		return err
	}
	t := task.Spawn(x.loop, func(yield coro.Yield) (any, error) {
		u.err = u.send(yield)
		return nil, nil
	})
	t.AddDoneCallback(func() { x.sent(t, u) })
	x.sender = t
	return nil
}

// send sends the body to its end.
func (u *upload) send(yield coro.Yield) error {
	if b, ours := u.body.(*body); ours {
		b.yield = yield // an answer's body may be the body of the next request
	}
	buffer := make([]byte, piece)
	for empty := 0; !u.last; {
		n, err := u.body.Read(buffer)
		if n == 0 && err == nil {
			if empty++; empty == 100 {
				return &bodyError{io.ErrNoProgress}
			}
			continue
		}
		empty = 0
		if err := u.write(buffer[:n], err); err != nil {
			return err
		}
		if err := u.conn.flush(); err != nil {
			return err
		}
	}
	u.done = true
	return nil
}

// write writes a piece of the body, and what ends it if end is io.EOF.
func (u *upload) write(p []byte, end error) error {
	if u.left >= 0 {
		return u.writeExactly(p, end)
	}
	if len(p) > 0 {
		if _, err := fmt.Fprintf(u.conn, "%x\r\n%s\r\n", len(p), p); err != nil {
			return err
		}
	}
	switch end {
	case nil:
		return nil
	case io.EOF:
		_, err := io.WriteString(u.conn, "0\r\n\r\n")
		u.last = err == nil
		return err
	}
	return &bodyError{end}
}

// writeExactly is write for a body whose length was announced.
func (u *upload) writeExactly(p []byte, end error) error {
	if int64(len(p)) > u.left {
		return &bodyError{fmt.Errorf("it is longer than its ContentLength: %w", ErrRequest)}
	}
	if _, err := u.conn.Write(p); err != nil {
		return err
	}
	u.left -= int64(len(p))
	switch {
	case end == io.EOF && u.left > 0:
		return &bodyError{fmt.Errorf("%d bytes are missing to its ContentLength: %w", u.left, io.ErrUnexpectedEOF)}
	case end == io.EOF:
		u.last = true
	case end != nil:
		return &bodyError{end}
	}
	return nil
}

// close closes the body, once.
func (u *upload) close() {
	if !u.closed {
		u.closed = true
		_ = u.body.Close()
	}
}

// sent looks at how u has ended in t. If the server has gone away, its answer may still be
// there; without the rest of the body, there is nothing to wait for. A panic is told once:
// by Do, or, if that has returned or returns something else, by the loop.
func (x *exchange) sent(t *task.Task, u *upload) {
	u.close()
	_, err := t.Result()
	err = future.WithoutCancel(cmp.Or(err, u.err))
	panicked := len(coro.Panics(err)) > 0
	ends := x.upload == u && (panicked || err != nil && !gone(err))
	if told := ends && x.task != nil && x.cause == nil; panicked && !told {
		x.reportPanics(err)
		err = fmt.Errorf("the body of the request: %v", err) // no panic for a Read to tell again
	}
	if ends {
		x.abort(err)
	}
}

func (x *exchange) reportPanics(err error) {
	task.ReportPanics(x.loop, "the body of a request panicked", err)
}

// bodyError is a failure of the request's body, not of the connection.
type bodyError struct{ error }

func (e *bodyError) Error() string { return "read the request's body: " + e.error.Error() }

func (e *bodyError) Unwrap() error { return e.error }
