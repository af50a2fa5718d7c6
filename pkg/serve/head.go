package serve

// The head of a request, judged by its bytes. http.ReadRequest tidies up while it reads:
// it removes Host, Transfer-Encoding and Content-Length, joins folded lines and trims
// values. What is left is enough to serve a request, but whether it may be served depends
// on what was sent. So each line is judged here, before ReadRequest sees any of them.
// target.go has the rules for Host and for the target.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"stepwise/pkg/sock"
)

// How a connection ends that has broken a rule.
var (
	ErrHeadTooLong = errors.New("the head of the request is too long")
	ErrBadRequest  = errors.New("the request breaks a rule of HTTP/1.1")
)

// mostHead is the maximum size of a request's head. A line of 64 KB fits.
const mostHead = 128 << 10

// errBlank is an empty line where a request could begin. Some clients send one after a
// body (RFC 9112, 2.2).
var errBlank = errors.New("an empty line")

// refusal is a request that no handler sees.
type refusal struct {
	err    error // ErrBadRequest or ErrHeadTooLong, in more words
	status int   // what the client is told
	why    string
	method string // "" if not even that could be read
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refused(status int, why string) error {
	return &refusal{err: fmt.Errorf("%w: %s", ErrBadRequest, why), status: status, why: why}
}

func malformed(why string) error { return refused(http.StatusBadRequest, why) }

// requests reads requests, one after the other.
//
// Invariant: the next bytes come from in. That is small or, from a head that doesn't fit
// into small until nothing of it is left, a larger buffer on top of it.
type requests struct {
	small, in *bufio.Reader
	slow      func() // is called once for each head that doesn't come whole, before its wait
	head      head   // of the last request
}

func newRequests(r io.Reader, slow func()) *requests {
	small := bufio.NewReaderSize(r, 4096)
	return &requests{small: small, in: small, slow: slow}
}

// buffered is how many bytes can be read without asking the connection.
func (q *requests) buffered() int {
	if q.in.Buffered() == 0 {
		q.in = q.small
	}
	return q.in.Buffered()
}

// read returns the next request, with its body still to be read, or errBlank. Errors:
// io.EOF if nothing comes, *refusal for a request that must be answered without a
// handler, and the connection's.
func (q *requests) read() (*http.Request, error) {
	h := &q.head
	*h = head{}
	r, err := q.judged(h)
	if err == nil {
		if len(h.codings) > 0 && (h.minor == 0 || h.length) {
			r.Close = true // others may disagree on where its body ends (RFC 9112, 6.1)
		}
		return r, nil
	}
	var no *refusal
	if errors.As(err, &no) {
		no.method = h.method
	}
	return nil, err
}

func (q *requests) judged(h *head) (*http.Request, error) {
	switch err := q.scan(h); {
	case (errors.Is(err, io.EOF) || errors.Is(err, sock.ErrCut)) && q.in.Buffered() > 0:
		return nil, malformed("want a whole head")
	case err != nil:
		return nil, err
	}
	r, err := http.ReadRequest(q.in)
	if err != nil {
		// %v: what ReadRequest says of the request isn't for errors.Is, and Routine would ask it too
		return nil, &refusal{err: fmt.Errorf("%w: %v", ErrBadRequest, err), status: http.StatusBadRequest, why: "malformed request"}
	}
	return r, nil
}

// scan has h judge each line as soon as it is complete, so that a client that is wrong
// already need not send the rest. It leaves the lines in the buffer for ReadRequest.
func (q *requests) scan(h *head) error {
	waits := false
	for begin, seen := 0, 0; ; { // where the incomplete line begins; how far we have looked for its end
		p, _ := q.in.Peek(q.in.Buffered())
		i := bytes.IndexByte(p[seen:], '\n')
		if i < 0 {
			seen = len(p)
			if !waits {
				q.slow()
				waits = true
			}
			if err := q.more(seen + 1); err != nil {
				return err
			}
			continue
		}
		seen += i + 1
		line := bytes.TrimSuffix(p[begin:seen-1], []byte("\r"))
		switch {
		case len(line) > 0:
			if err := h.line(line); err != nil {
				return err
			}
		case begin == 0:
			_, _ = q.in.Discard(seen)
			return errBlank
		default:
			return h.end()
		}
		begin = seen
	}
}

// more waits until n bytes are in the buffer.
func (q *requests) more(n int) error {
	_, err := q.in.Peek(n)
	switch {
	case err != bufio.ErrBufferFull:
		return err
	case q.in.Size() >= mostHead:
		return &refusal{err: ErrHeadTooLong, status: http.StatusRequestHeaderFieldsTooLarge, why: "want a shorter head"}
	}
	q.in = bufio.NewReaderSize(q.in, mostHead)
	return q.more(n)
}

// head is what the lines of a head have said so far that ReadRequest doesn't keep.
// ReadRequest itself refuses the rest.
type head struct {
	method       string   // "" before the first line
	minor        int      // of its version, 1.minor
	host, length bool     // there is a Host, a Content-Length
	codings      []string // of each line of Transfer-Encoding
}

func (h *head) line(line []byte) error {
	if h.method == "" {
		return h.start(string(line))
	}
	return h.field(line)
}

// start judges the request line (RFC 9112, 3).
func (h *head) start(line string) error {
	method, rest, _ := strings.Cut(line, " ")
	target, version, _ := strings.Cut(rest, " ")
	major, minor, ok := http.ParseHTTPVersion(version)
	if !ok {
		return malformed("want METHOD TARGET HTTP/1.1")
	}
	h.method, h.minor = method, minor
	switch {
	case major != 1:
		return refused(http.StatusHTTPVersionNotSupported, "want HTTP/1.1 or HTTP/1.0")
	case !validTarget(method, target):
		return malformed("want a path or a URL as the target")
	}
	return nil
}

// field judges a line of the header. A line that begins with a space continues the line
// before it, which a server may refuse (RFC 9112, 5.2): here it has no valid name.
func (h *head) field(line []byte) error {
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok || !consists(name, ofTokens) {
		return malformed("want NAME: VALUE in each line of the header")
	}
	value = bytes.Trim(value, " \t")
	is := func(field string) bool { return len(name) == len(field) && strings.EqualFold(string(name), field) }
	switch {
	case is("Host"):
		if h.host = true; !validHost(string(value)) {
			return malformed("want a name or an address as the Host")
		}
	case is("Content-Length"):
		h.length = true
	case is("Transfer-Encoding"):
		h.codings = append(h.codings, string(value))
	case is("Expect"):
		if len(value) > 0 && !strings.EqualFold(string(value), "100-continue") {
			return refused(http.StatusExpectationFailed, "can't meet what is expected")
		}
	}
	return nil
}

// end judges what only the whole head shows. In HTTP/1.0 a transfer coding has no meaning
// (RFC 9112, 6.1).
func (h *head) end() error {
	switch {
	case h.minor == 0:
	case !h.host:
		return malformed("want a Host")
	case len(h.codings) > 1 || len(h.codings) == 1 && !strings.EqualFold(h.codings[0], "chunked"):
		return refused(http.StatusNotImplemented, "want no transfer coding but chunked")
	}
	return nil
}

// joined is the value of a field, from all its lines (RFC 9110, 5.3). If only one value
// makes sense, two are invalid together: no date and no range contains this comma.
func joined(r *http.Request, name string) string { return strings.Join(r.Header.Values(name), ",") }
