package fetch

// Do: a request, the redirects that follow, and the answer. Read ask.go and answer.go
// before it.

import (
	"errors"
	"net/http"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
)

// Do sends a request and returns the answer as soon as its head has come, as net/http's
// Client.Do does, and with the same Request and Response. A status that means failure,
// such as 404, is not an error. Do changes neither r nor its Header.
//
// Close the Response's Body, always: its connection is kept for the next request when the
// Body has been read to io.EOF, or, on Close, when the rest has arrived already and is no
// more than 64 KiB. Otherwise Close ends the connection. Close never pauses, and any task
// of the loop may call it. Only the task that called Do may read the Body: others are
// refused with ErrBodyTask. Its size has no limit but Limit. What ends the connection, such
// as a cancellation of the task, is the error of that Read; later ones fail too.
//
// A Body of r is sent with its ContentLength, or in chunks if that is not known. Do closes
// it. Another task reads it, so that the answer can come meanwhile, unless it is short and
// has a GetBody. So its Read may not use your yield. But it may be the Body of another
// Response. Its Read runs on the loop: if it blocks, as that of an io.Pipe does, it stops
// every task, and neither Timeout nor a Context ends it. Have outside.Run read such a body
// first. A panic of its Read is an error of Do; if Do has returned, it is reported to the
// loop's exception handler, and ends the answer's body.
//
// Redirects are followed as MaxRedirects and its neighbors say. 301, 302 and 303 turn every
// method but HEAD into GET, without a body (RFC 9110, 15.4); 307 and 308 repeat the body,
// which GetBody returns again; without a GetBody, the redirect itself is the answer.
// Authorization, cookies and the like are sent on only to the same scheme, host and port.
//
// If the server closes a kept connection without a byte of an answer, and the method is
// idempotent (RFC 9110, 9.2.2) or the request has an Idempotency-Key, and its body can be
// had again, Do sends it once more, on a new connection.
//
// When the Context of r is done, Do and the Body return its error and its Cause, and the
// connection is closed. The Context's deadline goes by the clock on the wall, Timeout by
// the loop's. In a World a Context that can end is impossible: use Timeout, or cancel the
// task.
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
		return nil, x.because(err)
	}
	x.reportPanics(x.cause)
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
