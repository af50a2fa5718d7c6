// Package fetch gets a page over HTTP, with the verbs of package sock.
//
// It speaks HTTP/1.0: one request, one connection, and the answer ends where
// the server closes. Lesson 11 is written with it; lesson 12 shows what a
// better client does about framing.
package fetch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
)

// ErrURL: a URL that can't be fetched.
var ErrURL = errors.New("want http://HOST[:PORT]/PATH")

// MaxBytes is the largest answer, head and body, that Get takes.
const MaxBytes = 64 << 20

// Request is what to ask of whom.
type Request struct {
	Address string // what to connect to: an IP address and a port, or a name that its caller resolves first
	Host    string // the Host header
	Target  string // path and query, as they go into the request line
}

// Response is the answer. A status that speaks of a failure (404) is no error.
type Response struct {
	Status string // "200 OK"
	Code   int
	Header http.Header
	Body   []byte // untouched
}

// Parse reads a URL. ErrURL, with the reason, for anything but plain http, and
// for control characters, which could smuggle a second request.
func Parse(rawURL string) (Request, error) {
	u, err := url.Parse(rawURL)
	switch {
	case err != nil:
		return Request{}, fmt.Errorf("fetch: %w: %w", err, ErrURL)
	case u.Scheme != "http" || u.Hostname() == "" || u.User != nil:
		return Request{}, fmt.Errorf("fetch %q: %w", rawURL, ErrURL)
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	host := u.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	return Request{Address: net.JoinHostPort(host, port), Host: u.Host, Target: u.RequestURI()}, nil
}

// Get fetches rawURL. The host is an IP address or localhost: a name would
// have to be resolved, and that blocks.
func Get(yield coro.Yield, l *loop.Loop, rawURL string) (*Response, error) {
	r, err := Parse(rawURL)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddrPort(r.Address); err != nil {
		return nil, fmt.Errorf("fetch %q: the host must be an IP address: %w", rawURL, ErrURL)
	}
	return Do(yield, l, r)
}

// Do connects, sends the request, reads to the end of the stream, and takes the
// answer apart. Errors are those of connect, send and read_all; an answer that
// is no HTTP, or ends before the length it announced, is an error too.
func Do(yield coro.Yield, l *loop.Loop, r Request) (*Response, error) {
	s, err := sock.Connect(yield, l, r.Address)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	request := "GET " + r.Target + " HTTP/1.0\r\nHost: " + r.Host + "\r\nConnection: close\r\n\r\n"
	if err := sock.Send(yield, s, []byte(request)); err != nil {
		return nil, err
	}
	raw, err := sock.ReadAll(yield, s, MaxBytes)
	if err != nil {
		return nil, err
	}
	response, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: answer of %d bytes: %w", r.Host+r.Target, len(raw), err)
	}
	return response, nil
}

func parse(raw []byte) (*Response, error) {
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &Response{response.Status, response.StatusCode, response.Header, body}, nil
}
