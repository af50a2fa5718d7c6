package serve

// Who is told that a connection has failed, and what is no news. Read serve.go first.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// report passes on the error of a connection that has ended.
func (s *Server) report(c *Conn, err error) {
	what := fmt.Sprintf("serving %v", c.RemoteAddr())
	task.ReportPanics(c.Loop(), what+" panicked", err)
	switch {
	case s.OnError != nil:
		s.OnError(c, err)
	case len(coro.Panics(err)) == 0 && !c.Routine(err):
		c.Loop().CallExceptionHandler(loop.Exception{Message: what + " failed", Err: err})
	}
}

// Routine reports whether err, which ended c, is what every server sees every day, and
// nobody needs to be told of:
//
//   - io.EOF and io.ErrUnexpectedEOF as they are: the client has ended its side. Wrapped
//     in more words, they may be about something else, and are not routine.
//   - What reading from and writing to c itself returns when the client has reset the
//     connection or left it without TLS's goodbye, was too slow for a deadline, or sends
//     more than a limit. The same from another connection, such as a proxy's to its
//     upstream, is not routine. Nor is a misuse, such as sock.ErrBusy, or a client that
//     breaks TLS.
//   - The same during the TLS handshake. Other *HandshakeErrors, such as a client that
//     doesn't trust the certificate, are not routine.
//   - ErrBadRequest and ErrHeadTooLong: the client has been told.
//   - http.ErrAbortHandler: a Handler has given up its answer.
//   - ErrGoing, and what the Server's Close cancels.
//
// Of several errors that are joined, each must be routine.
func (c *Conn) Routine(err error) bool {
	return err == io.EOF || err == io.ErrUnexpectedEOF || c.routine(err)
}

func (c *Conn) routine(err error) bool {
	switch err {
	case nil:
		return false
	case ErrGoing, ErrBadRequest, ErrHeadTooLong, http.ErrAbortHandler:
		return true
	case future.ErrCanceled:
		return c.Going()
	}
	switch e := err.(type) {
	case *net.OpError:
		return e.Addr == c.RemoteAddr() && c.daily(e.Err) // the very same address: it is this Socket's
	case *HandshakeError:
		return e.Err == ErrGoing || c.daily(e.Err)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if !c.Routine(one) {
				return false
			}
		}
		return true
	}
	return c.routine(errors.Unwrap(err))
}

// daily reports whether err, which c or its handshake returned, is no fault of the
// program's, and no breach of TLS.
func (c *Conn) daily(err error) bool {
	var errno unix.Errno
	is := func(one error) bool { return errors.Is(err, one) }
	return errors.As(err, &errno) || c.Going() && is(future.ErrCanceled) ||
		slices.ContainsFunc([]error{io.ErrUnexpectedEOF, os.ErrDeadlineExceeded, net.ErrClosed, sock.ErrTooLong}, is)
}
