// Package fetch gets pages over HTTP, with the verbs of package sock.
//
// Order of reading: head.go (what an answer says of itself), body.go (where it
// ends), url.go (what may be asked for), redirect.go (where an answer may send
// us), then the Client below.
//
// A Client speaks HTTP/1.1, with one request per connection. It finds the end of an answer
// as the protocol defines it: by its length, by its chunks, or where the server closes.
// The end of the stream alone is not the end of a message, and what comes after an answer
// is never looked at.
//
// A server's words may contain commands to your terminal. A Client's errors quote them;
// quote Response.Status and Header yourself (%q) before you print them.
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

// ErrCut says that a TLS connection was closed without the close_notify that ends it.
// Anybody on the way can do that. It is also io.ErrUnexpectedEOF.
var ErrCut = fmt.Errorf("closed without TLS's close_notify: %w", io.ErrUnexpectedEOF)

// MaxBytes is the largest body that Get takes.
const MaxBytes = 64 << 20

// Client says how to fetch. The zero value is ready to use. A Client has no time limit of
// its own: to limit a fetch as a whole, cancel its task.
type Client struct {
	// Dial opens a connection to HOST:PORT. nil means outside.Dial, which looks up
	// names outside the loop and races their addresses.
	Dial func(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error)
	// TLS is for https; nil trusts the authorities that the system trusts.
	TLS *tls.Config
	// MaxBytes is the maximum size of a body; 0 means no limit.
	MaxBytes int64
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
	// error ends the Fetch, except http.ErrUseLastResponse, which returns the redirect
	// as the answer. nil allows all.
	CheckRedirect func(req *http.Request, via []*http.Request) error
}

// Response is an answer. A status that means failure, such as 404, is not an error.
type Response struct {
	URL    string // where the answer came from, after redirects
	Status string // "200 OK", in the server's words
	Code   int
	Header http.Header
	Bytes  int64  // of the body
	Body   []byte // as it came; nil from Fetch, which writes it to w
}

// Get fetches rawURL with a Client whose only limit is MaxBytes.
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

// Fetch fetches rawURL and writes the body to w as it comes, holding no more of it than a
// buffer. If it fails, it may have written a part.
//
// Errors: those declared with ErrURL, ErrRedirects and ErrNotHTTP, among them ErrTooLong
// for a body above the limit; io.ErrUnexpectedEOF for one that ends early; ErrCut; w's
// own; and those of CheckRedirect, crypto/tls, outside.Dial, send and read.
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
	peer netip.Addr      // of the previous connection; not valid if it had no IP address, or there was none
}

// visit makes one request. next is the request to which a redirect leads, or nil.
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

// open connects to the server, over TLS if the page is an https one.
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

// dial connects. An address in the URL is judged first, since it may never answer; with a
// Dial of the caller's it may lead anywhere, so only the connection shows where.
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
	return outside.Dial(yield, address(u))
}

// config returns the TLS configuration for this server.
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

// cuttable is the connection below TLS. Between two records, crypto/tls takes its end for
// a proper one, as if close_notify had come. Then anybody on the way could cut a body
// that ends with the connection, and it would look whole (RFC 9112, 9.8).
type cuttable struct{ net.Conn }

func (c cuttable) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == io.EOF {
		err = ErrCut
	}
	return n, err
}

// failed adds to err the URLs that led to it.
func (j *journey) failed(err error) error {
	first := j.at.URL
	if len(j.via) > 0 {
		first = j.via[0].URL
		err = fmt.Errorf("sent on to %s: %w", j.at.URL, err)
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
