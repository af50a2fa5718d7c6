package sock

import (
	"errors"
	"net"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// Stream makes s a net.Conn for the tasks of its loop, so that code written for a net.Conn
// runs on the loop: bufio, net/http's ReadRequest and ReadResponse, TLS by TLSClient and
// TLSServer. Where they would block, the task that calls them pauses: Stream asks the loop
// which task that is. Several Streams of one Socket are one.
//
// One task may read while another writes. A second reader or writer is refused at once,
// with ErrBusy, and a callback or another goroutine with task.ErrNoTask: net/http's Client
// and Server start goroutines of their own, and can't use a Stream. Other errors are those
// of ReadInto and Send. If a read is canceled, its error is a net.Error that says Timeout
// and Temporary: nothing has been read, and s is as good as before. Close and the
// deadlines are Socket's, and only the loop's goroutine and its tasks may call them.
//
// The Body of net/http's ReadRequest and ReadResponse holds a lock while it reads: let one
// task at a time read or close it. A second one stops the whole loop. (Package serve and
// package fetch see to that for you.)
//
// # Fairness
//
// A task that reads or writes gives the others their turn when it has to wait, and in any
// case after 32 calls that got through to the kernel. A bufio.Reader serves most reads
// from its buffer, which no turn interrupts: at its usual 4096 bytes, up to 32 times 4096
// bytes come between two turns, thousands of short lines. If there is work to do for each
// line, have a wait.Budget count it:
//
//	var budget wait.Budget
//	for lines.Scan() {
//		if err := budget.Spend(yield); err != nil {
//			return err
//		}
//		handle(lines.Text())
//	}
//
// # crypto/tls
//
// Use TLSClient and TLSServer. A tls.Conn of your own on a Stream holds its locks while
// your task pauses in it. The loop can't see them, and a task that runs into such a lock
// stops the whole loop, forever. This is what holds:
//
//   - While one call of its methods runs at a time, whichever tasks make them, all is well.
//   - After Handshake has returned, one task may read while another writes, as long as you
//     trust the peer: if it asks for new keys or breaks the protocol while the writer is
//     waiting, the reader runs into the writer's lock.
//   - Two calls at once of Write, of Read, or of anything before the end of the handshake
//     stop the loop as soon as the first of them has to wait.
//   - A read that is canceled or too late leaves the connection as it was. A Write or a
//     Handshake that is canceled ends it for good: crypto/tls returns that error from every
//     later call, in whichever task.
func Stream(s *Socket) net.Conn { return stream{s} }

type stream struct{ *Socket }

func (c stream) Read(p []byte) (int, error) {
	yield, err := c.here("read")
	if err != nil {
		return 0, err
	}
	n, err := ReadInto(yield, c.Socket, p)
	if errors.Is(err, future.ErrCanceled) {
		err = interrupt(err)
	}
	return n, err
}

func (c stream) Write(p []byte) (int, error) {
	yield, err := c.here("send")
	if err != nil {
		return 0, err
	}
	if err = Send(yield, c.Socket, p); err != nil {
		return sentBefore(err), err
	}
	return len(p), nil
}

// sentBefore is how much Send has sent before it failed with err.
func sentBefore(err error) int {
	var partly *SendError
	if errors.As(err, &partly) {
		return partly.Sent
	}
	return 0
}

// here is the yield of the task that calls. It looks at nothing of s that changes: another
// goroutine may be the caller.
func (s *Socket) here(op string) (coro.Yield, error) {
	yield, err := task.Here(s.loop)
	if err != nil {
		return nil, &net.OpError{Op: op, Addr: s.remote, Err: err}
	}
	return yield, nil
}

// interrupt says in err, of a read that was canceled, that the connection goes on.
func interrupt(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		op.Err = interrupted{op.Err}
	}
	return err
}

// interrupted is the cancellation of a read, which the connection survives. crypto/tls
// keeps an error that doesn't say so, and tells it to every later reader.
type interrupted struct{ error }

func (i interrupted) Unwrap() error { return i.error }
func (interrupted) Timeout() bool   { return true }
func (interrupted) Temporary() bool { return true }

// Timeout reports whether a deadline ended the Send, for net.Error.
func (e *SendError) Timeout() bool {
	t, ok := e.Err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}
