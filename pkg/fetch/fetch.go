// Package fetch gets pages over HTTP, with the verbs of package sock.
//
// Order of reading: head.go (what an answer says of itself), body.go (where it
// ends), url.go (what may be asked for), redirect.go (where an answer may send
// us), then the Client below.
//
// A Client asks by HTTP/1.1, one request a connection, and knows where an answer
// ends: by its length, by its chunks, or where the server closes, and only as
// the protocol has it. The end of the stream alone is not the end of a message,
// and what comes behind an answer is nobody's: it is never looked at.
//
// What a server says may try to command your terminal. The text of a Client's
// errors has none of it as it came; quote Response.Status and Header (%q)
// before you print them.
package fetch

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
)

// ErrCut says that a TLS connection was closed without the close_notify that ends
// it: anybody on the way can do that. It is io.ErrUnexpectedEOF too.
var ErrCut = fmt.Errorf("closed without TLS's close_notify: %w", io.ErrUnexpectedEOF)

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
	// RedirectToHTTP lets an https page send the Client on to an http one;
	// otherwise that is ErrDowngrade.
	RedirectToHTTP bool
	// RedirectToPrivate lets a page at a public address send the Client on to this
	// machine, or to one on a private network; otherwise that is ErrPrivate. What
	// counts is the address that was connected to, not the name: the connection is
	// closed before anything is sent.
	RedirectToPrivate bool
	// CheckRedirect, as in net/http, is asked before a redirect is followed that
	// the rules above allow: req is the next request, via are those before it,
	// the oldest first. Its error ends the Fetch, but http.ErrUseLastResponse takes
	// the answer as it is. nil allows all.
	CheckRedirect func(req *http.Request, via []*http.Request) error
}

// Response is an answer. A status that speaks of a failure (404) is no error.
type Response struct {
	URL    string // where the answer came from, after redirects
	Status string // "200 OK", in the server's words
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
// Errors: ErrURL and those beside it, ErrRedirects and those beside it, ErrNotHTTP
// and those beside it, ErrTooLong for a body above the limit, io.ErrUnexpectedEOF
// for one that ends early, ErrCut, w's own, and those of CheckRedirect, crypto/tls,
// outside.Dial, send and read.
func (c *Client) Fetch(yield coro.Yield, l *loop.Loop, rawURL string, w io.Writer) (*Response, error) {
	u, err := Parse(rawURL)
	if err != nil {
		return nil, &failure{err: err}
	}
	j := &journey{Client: c, loop: l, w: w, at: request(u)}
	for {
		response, next, err := j.visit(yield)
		switch {
		case err != nil:
			return nil, j.failed(err)
		case next == nil:
			return response, nil
		}
		j.via, j.at = append(j.via, j.at), next
	}
}

// journey is a Fetch under way, from one answer to the next.
type journey struct {
	*Client
	loop *loop.Loop
	w    io.Writer
	at   *http.Request   // what is asked for now
	via  []*http.Request // what was asked for before, the oldest first
	peer netip.Addr      // of the connection before this one; not valid if it had none
}

// visit asks once. next is where the answer sends us instead of an answer.
func (j *journey) visit(yield coro.Yield) (response *Response, next *http.Request, err error) {
	conn, err := j.open(yield)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	if err := j.at.Write(conn); err != nil {
		return nil, nil, err
	}
	answer := bufio.NewReaderSize(conn, 32<<10)
	head, err := ReadHead(answer)
	if err != nil {
		return nil, nil, err
	}
	if next, err := j.follow(head); err != nil || next != nil {
		return nil, next, err
	}
	limit := j.MaxBytes
	if limit == 0 {
		limit = -1
	}
	n, err := copyBody(j.w, answer, j.at.Method, head, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("after %d bytes of the body: %w", n, err)
	}
	return &Response{URL: j.at.URL.String(), Status: head.Status, Code: head.Code, Header: head.Header, Bytes: n}, nil, nil
}

// open connects to the server, by TLS if the page is an https one.
func (j *journey) open(yield coro.Yield) (net.Conn, error) {
	s, err := j.dial(yield)
	if err != nil {
		return nil, err
	}
	peer := ipOf(s.RemoteAddr())
	if err := j.admit(peer); err != nil {
		_ = s.Close()
		return nil, err
	}
	j.peer = peer
	if j.at.URL.Scheme == "http" {
		return sock.Stream(yield, s), nil
	}
	conn := tls.Client(cuttable{sock.Stream(yield, s)}, j.config())
	if err := conn.Handshake(); err != nil {
		_ = s.Close()
		return nil, err
	}
	return conn, nil
}

// dial connects. An address that stands in the URL is judged before: it may never
// answer. With a Dial of the caller's own it may lead anywhere.
func (j *journey) dial(yield coro.Yield) (*sock.Socket, error) {
	u := j.at.URL
	if j.Dial != nil {
		return j.Dial(yield, j.loop, address(u))
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		if err := j.admit(ip); err != nil {
			return nil, err
		}
	}
	return outside.Dial(yield, j.loop, address(u))
}

// config is what TLS goes by at this server.
func (j *journey) config() *tls.Config {
	config := j.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = serverName(j.at.URL)
	}
	config.NextProtos = []string{"http/1.1"}
	return config
}

// cuttable is the connection below TLS, whose end is no end. crypto/tls takes it
// for one between two records, as if close_notify had come; then a body that
// ends with the connection could be cut by anybody on the way, and look whole
// (RFC 9112, 9.8).
type cuttable struct{ net.Conn }

func (c cuttable) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == io.EOF {
		err = ErrCut
	}
	return n, err
}

// failed is err with the way that led to it.
func (j *journey) failed(err error) error {
	first := j.at.URL
	if len(j.via) > 0 {
		first = j.via[0].URL
		err = fmt.Errorf("sent on to %s: %w", j.at.URL, err)
	}
	return &failure{fmt.Errorf("%s: %w", first, err)}
}

// failure is an error that may have a server's words in it: from a head, a
// certificate, a redirect. It says them so that no terminal obeys them.
type failure struct{ err error }

func (f *failure) Unwrap() error { return f.err }

func (f *failure) Error() string {
	quoted := strconv.Quote("fetch " + f.err.Error())
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(quoted[1 : len(quoted)-1])
}
