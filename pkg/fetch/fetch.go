// Package fetch is an HTTP client on the loop, with the verbs of package sock. This program
// gets a whole page:
//
//	package main
//
//	import (
//		"fmt"
//		"log"
//
//		"stepwise/pkg/coro"
//		"stepwise/pkg/fetch"
//		"stepwise/pkg/loop"
//		"stepwise/pkg/outside"
//	)
//
//	func main() {
//		err := outside.Main(loop.Options{}, func(yield coro.Yield) error {
//			page, err := fetch.Get(yield, "http://127.0.0.1:8000/")
//			if err == nil {
//				fmt.Printf("%q, %d bytes\n", page.Status, len(page.Body))
//			}
//			return err
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//	}
//
// A Client has settings, and keeps connections for the next request. Its Do sends any
// request of package net/http, and hands out the answer before its body has come.
//
// It speaks HTTP/1.1, and finds the end of an answer as the protocol defines it: by its
// length, by its chunks, or where the server closes. The end of the stream alone is not
// the end of a message, and a connection on which more comes than that is not used again.
//
// A body that is streamed, by Do, may have any length. A body that is collected, by Get,
// may have 64 MiB. Client.Limit is another maximum, for both; beyond it the error is a
// *TooLongError.
//
// A server's words may contain commands to your terminal. A Client's errors quote them;
// quote the Status and Header of an answer yourself (%q) before you print them.
//
// Order of reading: head.go (what an answer says of itself), body.go (where it ends),
// url.go (what may be asked for), redirect.go (where an answer may send us), request.go
// and upload.go (what is sent), conn.go and pool.go (over what), exchange.go (who ends
// it), ask.go and answer.go (the two halves of it), do.go.
package fetch

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// ErrCut says that a TLS connection was closed without the close_notify that ends it.
// Anybody on the way can do that. It is sock.ErrCut, and so also io.ErrUnexpectedEOF.
var ErrCut = sock.ErrCut

// ErrClosed says that the Client was closed. It is also net.ErrClosed.
var ErrClosed = fmt.Errorf("the client is closed: %w", net.ErrClosed)

var errEarlier = errors.New("the connection was closed then")

// DefaultLimit is the largest body that Get collects, 64 MiB, unless Client.Limit says
// otherwise.
const DefaultLimit = 64 << 20

// mostAhead bounds the memory that an announced length makes us reserve.
const mostAhead = 64 << 10

// Client says how to fetch, and keeps connections for the next request. The zero value is
// ready to use; don't change or copy a Client in use. It belongs to the loop of its first
// request until that loop is closed, and only tasks of that loop may use it, as many at a
// time as you like: on another loop it returns task.ErrOtherLoop.
//
// Close it when you are done. What is still open when its loop closes is closed too.
type Client struct {
	// Dial opens a connection to HOST:PORT. nil means outside.Dial, which looks up
	// names outside the loop and races their addresses.
	Dial func(yield coro.Yield, address string) (*sock.Socket, error)
	// TLS is for https; nil trusts the authorities that the system trusts.
	TLS *tls.Config
	// Header is added to each request, such as a User-Agent. A field that the request has
	// itself, even without a value, is left as it is. A redirect treats these fields like
	// the request's own: Authorization, cookies and the like are sent on only to the same
	// scheme, host and port. But every server that you ask with this Client gets them.
	Header http.Header
	// Timeout limits a request as a whole, as in net/http: from waiting for a
	// connection to the end of the last answer's body. The error is a
	// *task.TimeoutError. 0 or less means no limit.
	Timeout time.Duration
	// Limit is the maximum size of a body in bytes. 0 means no limit for Do, which streams
	// bodies, and DefaultLimit for Get, which collects them; a negative number, no limit.
	Limit int64
	// MaxIdle is how many connections are kept for the next request, to all servers
	// together. 0 means 100; with a negative number none is kept.
	MaxIdle int
	// MaxConnsPerHost is how many connections to one server may be open; the next Do
	// waits, in order, until one is free. 0 or less means no limit.
	MaxConnsPerHost int
	// IdleTimeout is how long a connection is kept without a request. 0 means 90 s; a
	// negative number means no limit.
	IdleTimeout time.Duration
	// MaxRedirects is how often an answer may redirect the Client. 0 means 10; with a
	// negative number, a redirect is returned as the answer.
	MaxRedirects int
	// RedirectToHTTP lets an https page redirect the Client to an http one; otherwise
	// that is ErrDowngrade.
	RedirectToHTTP bool
	// RedirectToPrivate lets a page at a public address redirect the Client to this
	// machine or to a private network; otherwise that is ErrPrivate. The address that
	// was connected to decides, not the name, and the connection is closed before
	// anything is sent.
	RedirectToPrivate bool
	// CheckRedirect, as in net/http, is asked about each redirect that the rules above
	// allow. req is the next request, via are those before it, the oldest first. An
	// error ends the Do, except http.ErrUseLastResponse, which returns the redirect
	// as the answer. nil allows all.
	CheckRedirect func(req *http.Request, via []*http.Request) error

	pool   *pool // nil before the first request
	closed bool
}

// Response is an answer with its whole body. A status that means failure, such as 404, is
// not an error.
type Response struct {
	URL    *url.URL // where the answer came from, after redirects
	Status string   // "200 OK", in the server's words
	Code   int
	Header http.Header
	Body   []byte // as it came
}

// Get fetches rawURL as a Client's Get does, on a connection of its own, which is closed
// before Get returns.
func Get(yield coro.Yield, rawURL string) (*Response, error) {
	c := Client{}
	defer c.Close()
	return c.get(yield, rawURL, true)
}

// Get fetches rawURL, and collects the body, up to Limit. Errors are those of Do.
func (c *Client) Get(yield coro.Yield, rawURL string) (*Response, error) {
	return c.get(yield, rawURL, false)
}

func (c *Client) get(yield coro.Yield, rawURL string, once bool) (*Response, error) {
	u, err := Parse(rawURL)
	if err != nil {
		return nil, &failure{err}
	}
	answer, err := c.doWithin(yield, &http.Request{URL: u, Close: once}, cmp.Or(c.Limit, DefaultLimit))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if n := answer.ContentLength; n > 0 { // in one piece, but no server makes us hold what it doesn't send
		body.Grow(int(min(n, mostAhead)) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(answer.Body); err != nil {
		return nil, err
	}
	return &Response{URL: answer.Request.URL, Status: answer.Status, Code: answer.StatusCode, Header: answer.Header, Body: body.Bytes()}, nil
}

// CloseIdleConnections closes the connections that are kept and not in use. Only the
// loop's goroutine may call it.
func (c *Client) CloseIdleConnections() {
	if c.pool != nil {
		c.pool.shed(len(c.pool.idle))
		c.pool.arm()
	}
}

// Close ends the Client for good: it closes all connections, those in use too. A Do or a
// Read that waits, and every later one, returns ErrClosed. Calling it again has no
// effect. Only the loop's goroutine may call it.
func (c *Client) Close() error {
	c.closed = true
	if c.pool != nil {
		c.pool.close()
	}
	return nil
}

// failed adds to err the URLs that led to it.
func (x *exchange) failed(err error) error {
	first := x.at.URL
	if len(x.via) > 0 {
		first = x.via[0].URL
		err = fmt.Errorf("sent on to %s: %w", x.at.URL, err)
	}
	return &failure{fmt.Errorf("%s: %w", first, err)}
}

// failure is an error that may contain a server's words: from a head, a certificate, a
// redirect. It quotes them so that no terminal obeys them.
type failure struct{ err error }

func (f *failure) Unwrap() error { return f.err }

func (f *failure) Error() string {
	quoted := strconv.Quote("fetch " + f.err.Error())
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(quoted[1 : len(quoted)-1])
}
