package serve

// Who may send an answer, and how it ends. Read response.go first; body.go says who may read
// the request.

import (
	"fmt"
	"io"
	"net"
	"net/http"

	"stepwise/pkg/sock"
)

// alone runs send, unless another task sends already, or the answer has ended. A bufio.Writer
// that two tasks use loses bytes, or sends them twice.
func (w *ResponseWriter) alone(send func() error) error {
	switch {
	case w.room == nil:
		return fmt.Errorf("the answer has ended, for its Handler has returned: %w", net.ErrClosed)
	case w.busy:
		return w.visit.busy("send")
	}
	w.busy = true
	defer func() { w.busy = false }()
	return send()
}

// busy refuses a second task, in the words of package sock.
func (c *Conn) busy(op string) error {
	return &net.OpError{Op: op, Addr: c.RemoteAddr(), Err: sock.ErrBusy}
}

// release ends the use of w, finished or not. If the end of the connection is the end of the
// body, and not all of it was sent, the client gets a reset: otherwise the part that it has
// would look whole.
func (w *ResponseWriter) release() {
	if w.room == nil {
		return
	}
	if w.begun && !w.finished && !w.chunked && w.left < 0 && !w.bare {
		_ = w.visit.Abort()
	}
	if w.busy { // a task is still sending from room: no other answer may have it
		return
	}
	w.out.Reset(nil)
	clear(w.head)
	w.first = w.first[:0]
	rooms.Put(w.room)
	w.room = nil
}

// finish ends the answer. A body that is shorter than announced ends the connection: there
// is no other way to tell the client.
func (w *ResponseWriter) finish() error {
	defer w.release()
	return w.alone(w.end)
}

func (w *ResponseWriter) end() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if err := w.begin(true); err != nil {
		return err
	}
	if w.chunked {
		_, _ = w.out.WriteString("0\r\n\r\n")
	}
	if err := w.keep(w.out.Flush()); err != nil {
		return err
	}
	w.finished = true
	if w.left > 0 && !w.bare {
		return fmt.Errorf("%d bytes of the announced body are missing: %w", w.left, io.ErrUnexpectedEOF)
	}
	return nil
}
