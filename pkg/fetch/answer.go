package fetch

// The second half of an exchange: the answer that Do returns, and its Body. Read ask.go
// before it, and do.go next.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// ErrBodyTask says that a task reads a Body that another task has got from Do. Hand over
// what was read instead.
var ErrBodyTask = errors.New("only the task that called Do may read its answer's body")

// TooLongError says that a body is longer than the limit. It is also ErrTooLong.
type TooLongError struct {
	Limit     int64 // in bytes
	Announced int64 // how long the body is; -1 if the server didn't say
}

// Error says what the limit is, and how long the body is if the server said so.
func (e *TooLongError) Error() string {
	if e.Announced >= 0 {
		return fmt.Sprintf("%d bytes are announced, and %d allowed: %v", e.Announced, e.Limit, ErrTooLong)
	}
	return fmt.Sprintf("%v of %d bytes", ErrTooLong, e.Limit)
}

// Unwrap returns ErrTooLong.
func (e *TooLongError) Unwrap() error { return ErrTooLong }

// body is the body of an answer, from the connection to whoever reads it.
//
// Invariant: err = nil ⇔ the exchange has a connection, with more of the body on it, unless it
// was ended from outside.
type body struct {
	x        *exchange
	yield    coro.Yield // of the task that may read
	framed   io.Reader
	length   int64 // -1: not known
	kept     bool  // the connection can serve another request when the body was read
	left     int64 // of the limit, if there is one
	n        int64 // bytes that were read
	reading  bool
	response *http.Response
	err      error // why nothing more can be read; io.EOF at the end
}

// bodyOf is the body that follows head.
func (x *exchange) bodyOf(head Head, yield coro.Yield) (*body, error) {
	framed, length, err := frame(x.conn.in, x.at.Method, head)
	if err != nil {
		return nil, err
	}
	b := &body{x: x, yield: yield, framed: framed, length: length, left: x.limit}
	b.kept = !x.at.Close && framed != io.Reader(x.conn.in) && keepsOpen(head)
	return b, nil
}

// answer is head and b as net/http has them.
func (b *body) answer(head Head) *http.Response {
	r := &http.Response{Status: head.Status, StatusCode: head.Code, Proto: head.Proto, ProtoMajor: 1, ProtoMinor: int(head.Proto[len("HTTP/1.")] - '0'),
		Header: head.Header, Body: b, ContentLength: b.length, Close: !b.kept, Request: b.x.at, TLS: b.x.conn.state()}
	if inChunks(head) { // even if the answer is one that has no body
		r.TransferEncoding = []string{"chunked"}
		r.Trailer = announced(head)
	}
	if head.Proto != "HTTP/1.0" && hasOption(head, "close") {
		delete(r.Header, "Connection") // it is in Close, and what is below has a field too
	}
	delete(r.Header, "Transfer-Encoding")
	b.response = r
	if b.framed == io.Reader(http.NoBody) || b.length == 0 {
		r.ContentLength = lengthSaid(head, b.x.at.Method)
		r.Body = http.NoBody
		b.x.end(b.kept)
	}
	return r
}

// Read reads what is there, at least a byte. Its errors are Do's.
func (b *body) Read(p []byte) (int, error) {
	if b.err == nil && b.x.over {
		b.err = b.x.failed(b.x.cause)
	}
	if b.err != nil {
		return 0, b.err
	}
	if _, err := task.Current(b.yield); errors.Is(err, coro.ErrNotRunning) {
		return 0, &failure{fmt.Errorf("%s: %w", b.x.at.URL, ErrBodyTask)}
	} else if err != nil {
		return 0, err
	}
	b.reading = true
	n, err := b.read(p)
	b.reading = false
	b.n += int64(n)
	if err != nil {
		err = b.end(err)
	}
	return n, err
}

// read reads within the limit. A body that is just as long isn't longer: that takes
// another byte.
func (b *body) read(p []byte) (int, error) {
	switch {
	case b.x.limit <= 0:
		return b.framed.Read(p)
	case b.length > b.x.limit:
		return 0, &TooLongError{b.x.limit, b.length}
	}
	n, err := b.framed.Read(p[:min(int64(len(p)), b.left+1)])
	if int64(n) > b.left {
		n, err = int(b.left), &TooLongError{b.x.limit, -1}
	}
	b.left -= int64(n)
	return n, err
}

// end ends the exchange with the body, and returns what Read does. A cancellation is the
// error of the Read that it met: whoever reads later wasn't canceled.
func (b *body) end(err error) error {
	if err == io.EOF {
		b.err = io.EOF
		if c, ok := b.framed.(*chunked); ok && len(c.trailer) > 0 {
			b.response.Trailer = c.trailer
		}
		b.x.end(b.kept)
		return io.EOF
	}
	if b.x.cause != nil {
		err = b.x.cause
	}
	b.x.end(false)
	err = fmt.Errorf("after %d bytes of the body: %w", b.n, err)
	b.err = b.x.failed(err)
	if errors.Is(err, future.ErrCanceled) {
		b.err = b.x.failed(fmt.Errorf("after %d bytes of the body, a read was canceled: %w", b.n, errEarlier))
		return b.x.failed(err)
	}
	return b.err
}

// Close gives the rest of the body up; see Do.
func (b *body) Close() error {
	switch {
	case b.x.over:
	case b.reading: // by a task that waits
		b.x.cause = http.ErrBodyReadAfterClose
		b.x.end(false)
	default:
		b.x.end(b.drain())
	}
	b.err = http.ErrBodyReadAfterClose
	return nil
}

// mostDrained bounds what Close reads of a body to keep its connection.
const mostDrained = 64 << 10

// drain drops what has arrived, and reports whether that was the rest of the body, and the
// connection can serve another request. It never pauses.
func (b *body) drain() bool {
	if !b.kept {
		return false
	}
	err := b.x.conn.hurried(func() error { _, err := io.CopyN(io.Discard, b.framed, mostDrained+1); return err })
	return err == io.EOF
}

// keepsOpen reports whether the server will read another request (RFC 9112, 9.3).
func keepsOpen(head Head) bool {
	return !hasOption(head, "close") && (head.Proto != "HTTP/1.0" || hasOption(head, "keep-alive"))
}

// hasOption reports whether the header Connection has option.
func hasOption(head Head, option string) bool {
	return slices.ContainsFunc(listed(head, "Connection"), func(o string) bool { return strings.EqualFold(o, option) })
}

// inChunks reports whether the body would come in chunks, if there is one.
func inChunks(head Head) bool {
	codings := head.Header["Transfer-Encoding"]
	return len(codings) == 1 && strings.EqualFold(codings[0], "chunked") && head.Proto != "HTTP/1.0"
}

// announced takes the names of the trailers that will come behind the body out of the head.
func announced(head Head) (trailer http.Header) {
	for _, name := range listed(head, "Trailer") {
		if trailer == nil {
			trailer = http.Header{}
		}
		trailer[http.CanonicalHeaderKey(name)] = nil
	}
	delete(head.Header, "Trailer")
	return trailer
}

// listed is what a header lists, separated by commas.
func listed(head Head, name string) (list []string) {
	for part := range strings.SplitSeq(strings.Join(head.Header[name], ","), ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// lengthSaid is the length that an answer without a body speaks of: for a HEAD what a GET
// would bring, -1 if it doesn't say.
func lengthSaid(head Head, method string) int64 {
	lengths := head.Header["Content-Length"]
	switch {
	case method != http.MethodHead:
		return 0
	case len(lengths) == 0:
		return -1
	}
	n, err := lengthOf(lengths)
	if err != nil {
		return -1
	}
	return n
}
