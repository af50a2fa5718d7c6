package fetch

// Do: a request, the redirects that follow, and the answer. Read exchange.go before it.

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

// Do sends a request and returns the answer as soon as its head has come, as net/http's
// Client.Do does, and with the same Request and Response. A status that means failure,
// such as 404, is not an error. Do changes neither r nor its Header.
//
// Close the Response's Body, always: its connection is kept for the next request when the
// Body has been read to io.EOF, or, on Close, when the rest has arrived already and is no
// more than 64 KiB. Otherwise Close ends the connection. It never pauses, and any task of
// the loop may call it. Only the task that called Do may read the Body: others are refused
// with ErrBodyTask. It has no limit but Limit. What ends the connection, such as a
// cancellation of the task, is the error of that Read; later ones fail too.
//
// A Body of r is sent with its ContentLength, or in chunks if that is not known. Do closes
// it. Unless it is short and has a GetBody, another task reads it, so that the answer can
// come meanwhile: its Read may not use your yield, but it may be the Body of a Response.
//
// Redirects are followed as MaxRedirects and its neighbors say. 301, 302 and 303 turn
// every method but HEAD into GET, without a body (RFC 9110, 15.4); 307 and 308 repeat the
// body, from GetBody, and are the answer without one. Authorization, cookies and the like
// are sent on only to the same scheme, host and port.
//
// If the server closes a kept connection without a byte of an answer, and the method is
// idempotent (RFC 9110, 9.2.2) or the request has an Idempotency-Key, and its body can be
// had again, Do sends it once more, on a new connection.
//
// When the Context of r is done, Do and the Body return its error and its Cause, and the
// connection is closed. A deadline of its own goes by the clock on the wall; Timeout goes
// by the loop's.
//
// This client has no cookie jar and no proxy, doesn't decompress, never sends trailers
// and refuses an Expect. Errors: ErrRequest, those declared with ErrURL, ErrRedirects and
// ErrNotHTTP; io.ErrUnexpectedEOF for a body that ends early; ErrCut; ErrClosed;
// *task.TimeoutError; task.ErrOtherLoop; and those of the request's body, the Context,
// CheckRedirect, Dial, crypto/tls, send and read.
func (c *Client) Do(yield coro.Yield, r *http.Request) (*http.Response, error) {
	return c.doWithin(yield, r, c.Limit)
}

// doWithin is Do with a limit for the body; 0 or less means none.
func (c *Client) doWithin(yield coro.Yield, r *http.Request, limit int64) (*http.Response, error) {
	x, err := c.beginExchange(yield, r, limit)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, &failure{err}
	}
	returned := false
	defer func() {
		if !returned { // a hook has panicked
			x.task = nil
			x.end(false)
		}
	}()
	response, err := x.do(yield)
	returned = true
	if err != nil {
		x.end(false)
		return nil, x.failed(err)
	}
	return response, nil
}

// do is Do, with the cancellation taken back that abort may have made.
func (x *exchange) do(yield coro.Yield) (response *http.Response, err error) {
	before := x.task.Cancelling()
	for response == nil && err == nil {
		response, err = x.visit(yield)
	}
	t := x.task
	x.task = nil
	if x.release != nil {
		x.release()
	}
	if x.cause == nil {
		return response, err
	}
	if left := t.Uncancel(); err == nil || left <= before && errors.Is(err, future.ErrCanceled) {
		err = x.because(err)
	}
	return nil, err
}

// visit makes one request. Without an error and a Response, the next one is at x.at.
func (x *exchange) visit(yield coro.Yield) (*http.Response, error) {
	head, err := x.ask(yield)
	if err != nil {
		return nil, err
	}
	b, err := x.bodyOf(head, yield)
	if err != nil {
		return nil, err
	}
	next, err := x.follow(head)
	switch {
	case err != nil:
		return nil, err
	case next != nil:
		x.leave(b.drain())
		x.upload, x.sender = nil, nil
		x.via, x.at = append(x.via, x.at), next
		return nil, nil
	}
	return b.answer(head), nil
}

// ErrBodyTask says that a task reads a Body that another task has got from Do. Hand over
// what was read instead.
var ErrBodyTask = errors.New("only the task that called Do may read its answer's body")

// TooLongError says that a body is longer than the limit. It is also ErrTooLong.
type TooLongError struct {
	Limit     int64 // in bytes
	Announced int64 // how long the body is; -1 if the server didn't say
}

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

// keepsOpen reports whether the server will read another request (RFC 9112, 9.3).
func keepsOpen(head Head) bool {
	return !hasOption(head, "close") && (head.Proto != "HTTP/1.0" || hasOption(head, "keep-alive"))
}

// hasOption reports whether the header Connection has option.
func hasOption(head Head, option string) bool {
	return slices.ContainsFunc(listed(head, "Connection"), func(o string) bool { return strings.EqualFold(o, option) })
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

// answer is head and b as net/http has them.
func (b *body) answer(head Head) *http.Response {
	r := &http.Response{Status: head.Status, StatusCode: head.Code, Proto: head.Proto, ProtoMajor: 1, ProtoMinor: int(head.Proto[len("HTTP/1.")] - '0'),
		Header: head.Header, Body: b, ContentLength: b.length, Close: !b.kept, Request: b.x.at, TLS: b.x.conn.state()}
	if _, inChunks := b.framed.(*chunked); inChunks {
		r.TransferEncoding = []string{"chunked"}
		r.Trailer = announced(head)
	}
	if !b.kept && hasOption(head, "close") {
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
	b.reading, b.x.conn.line.yield = true, b.yield
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
		err = b.x.because(err)
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
	b.x.conn.line.yield = nil
	_, err := io.CopyN(io.Discard, b.framed, mostDrained+1)
	return err == io.EOF
}
