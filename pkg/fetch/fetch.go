// Package fetch gets pages over HTTP, with the verbs of package sock.
//
// Order of reading: head.go (what an answer says of itself), body.go (where it
// ends), then the Client below.
//
// A Client asks by HTTP/1.1, one request a connection, and knows where an answer
// ends: by its length, by its chunks, or where the server closes, and only as
// the protocol has it. The end of the stream alone is not the end of a message,
// and what comes behind an answer is nobody's: it is never looked at.
package fetch

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
)

// What a Client refuses before it asks, and after it was sent elsewhere.
var (
	ErrURL       = errors.New("want http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH")
	ErrRedirects = errors.New("too many redirects")
)

// MaxBytes is the largest body that Get takes.
const MaxBytes = 64 << 20

// Client says how to fetch. The zero value is ready to use. It has no time
// limit of its own, so that one limit can hold for the whole: cancel the task.
type Client struct {
	// Dial opens a connection to HOST:PORT. nil is outside.Dial, which looks names
	// up off the loop and races their addresses.
	Dial func(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error)
	// TLS is for https; nil trusts whom the system trusts.
	TLS *tls.Config
	// MaxBytes is the most that a body may have; 0 is no limit.
	MaxBytes int64
	// MaxRedirects is how often an answer may send the Client elsewhere; 0 is
	// 10, and less than 0 takes such an answer as it is.
	MaxRedirects int
}

// Response is an answer. A status that speaks of a failure (404) is no error.
type Response struct {
	URL    string // where the answer came from, after redirects
	Status string // "200 OK"
	Code   int
	Header http.Header
	Bytes  int64  // of the body
	Body   []byte // untouched; nil where it was written elsewhere
}

// Get fetches rawURL, a body of at most MaxBytes, with the zero Client.
func Get(yield coro.Yield, l *loop.Loop, rawURL string) (*Response, error) {
	var body bytes.Buffer
	c := Client{MaxBytes: MaxBytes}
	response, err := c.Fetch(yield, l, rawURL, &body)
	if err != nil {
		return nil, err
	}
	response.Body = body.Bytes()
	return response, nil
}

// Fetch fetches rawURL and writes the body to w as it comes, holding no more
// of it than a buffer. On an error a part may have been written.
//
// Errors: ErrURL, ErrRedirects, ErrNotHTTP and its neighbours, ErrTooLong for a
// body above the limit, io.ErrUnexpectedEOF for one that ends early, w's own,
// and those of outside.Dial, send and read.
func (c *Client) Fetch(yield coro.Yield, l *loop.Loop, rawURL string, w io.Writer) (*Response, error) {
	u, err := Parse(rawURL)
	if err != nil {
		return nil, err
	}
	most := c.MaxRedirects
	if most == 0 {
		most = 10
	}
	for redirects := 0; ; redirects++ {
		response, next, err := c.visit(yield, l, u, w)
		switch {
		case err != nil:
			return nil, fmt.Errorf("fetch %s: %w", u, err)
		case next == nil:
			return response, nil
		case redirects >= most:
			return nil, fmt.Errorf("fetch %s: sent on to %s: %w", rawURL, next, ErrRedirects)
		}
		u = next
	}
}

// visit asks for u once. next is where the answer sends us instead.
func (c *Client) visit(yield coro.Yield, l *loop.Loop, u *url.URL, w io.Writer) (r *Response, next *url.URL, err error) {
	conn, err := c.open(yield, l, u)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	if err := ask(conn, u); err != nil {
		return nil, nil, err
	}
	answer := bufio.NewReaderSize(conn, 32<<10)
	head, err := ReadHead(answer)
	if err != nil {
		return nil, nil, err
	}
	if location := head.Header.Get("Location"); location != "" && sendsOn(head.Code) && c.MaxRedirects >= 0 {
		next, err := u.Parse(location)
		if err != nil || !fetchable(next) {
			return nil, nil, fmt.Errorf("sent on to %q: %w", location, ErrURL)
		}
		return nil, next, nil
	}
	limit := c.MaxBytes
	if limit == 0 {
		limit = -1
	}
	n, err := copyBody(w, answer, http.MethodGet, head, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("after %d bytes of the body: %w", n, err)
	}
	return &Response{URL: u.String(), Status: head.Status, Code: head.Code, Header: head.Header, Bytes: n}, nil, nil
}

// open connects to u's server, by TLS if it is an https one.
func (c *Client) open(yield coro.Yield, l *loop.Loop, u *url.URL) (net.Conn, error) {
	dial := c.Dial
	if dial == nil {
		dial = outside.Dial
	}
	s, err := dial(yield, l, net.JoinHostPort(u.Hostname(), port(u)))
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" {
		return sock.Stream(yield, s), nil
	}
	config := c.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	config.NextProtos = []string{"http/1.1"}
	conn := tls.Client(sock.Stream(yield, s), config)
	if err := conn.Handshake(); err != nil {
		_ = s.Close()
		return nil, err
	}
	return conn, nil
}

// ask sends the request. Nothing is compressed for us: a body is what the
// server has.
func ask(conn net.Conn, u *url.URL) error {
	_, err := io.WriteString(conn, "GET "+u.RequestURI()+" HTTP/1.1\r\nHost: "+u.Host+
		"\r\nUser-Agent: stepwise\r\nAccept: */*\r\nConnection: close\r\n\r\n")
	return err
}

func sendsOn(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
