package fetch

// What is sent: the head of a request and its body (RFC 9112, 3 and 6). Read url.go before
// it. http.Request.Write doesn't serve: it drops what it can't send without a word, and
// may read a body in a goroutine of its own.

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ErrRequest says that a request can't be sent as it is.
var ErrRequest = errors.New("the request can't be sent")

// usual is what a request says of itself unless it, or its Client, says something else.
var usual = http.Header{"User-Agent": {"stepwise"}, "Accept": {"*/*"}}

// prepare returns the request that is sent for r, with headers of its own: those of r, and of
// defaults those fields that r doesn't have.
func prepare(r *http.Request, defaults http.Header) (*http.Request, error) {
	switch {
	case r.URL == nil:
		return nil, fmt.Errorf("it has no URL: %w", ErrURL)
	case r.URL.Opaque != "": // its String leaves out the Host, which says where to connect
		return nil, fmt.Errorf("its Opaque is %q: set Host, Path and RawPath instead: %w", r.URL.Opaque, ErrURL)
	}
	u, err := Parse(r.URL.String())
	if err != nil {
		return nil, err
	}
	at := r.WithContext(r.Context()) // a shallow copy
	at.URL, at.Header = u, canonical(r.Header)
	if len(defaults) > 0 {
		fill(at.Header, canonical(defaults))
	}
	fill(at.Header, usual)
	for name := range usual {
		if at.Header.Get(name) == "" {
			delete(at.Header, name) // as in net/http: an empty one is not sent
		}
	}
	at.Method, at.Host = cmp.Or(at.Method, http.MethodGet), cmp.Or(at.Host, hostOf(u))
	if err := checkRequest(at); err != nil {
		return nil, fmt.Errorf("%w: %w", err, ErrRequest)
	}
	at.Header.Del("Content-Length")
	if at.Close = r.Close || strings.EqualFold(at.Header.Get("Connection"), "close"); at.Close {
		at.Header.Del("Connection")
	}
	return at, nil
}

// canonical is a copy of h with each name in the usual spelling.
func canonical(h http.Header) http.Header {
	out := make(http.Header, len(h)+len(usual))
	for name, values := range h {
		name = textproto.CanonicalMIMEHeaderKey(name)
		out[name] = append(out[name], values...)
	}
	return out
}

// fill adds to h the fields of more that it doesn't have. A field without a value is there too.
func fill(h, more http.Header) {
	for name, values := range more {
		if _, given := h[name]; !given {
			h[name] = slices.Clone(values)
		}
	}
}

// checkRequest refuses what this client can't do, and what would smuggle another request.
func checkRequest(at *http.Request) error {
	switch {
	case !isToken(at.Method):
		return fmt.Errorf("the method is %q", at.Method)
	case at.Method == http.MethodConnect:
		return errors.New("a CONNECT makes a tunnel, and this client makes none")
	case strings.ContainsFunc(at.Host, func(r rune) bool { return !isPlain(r) && !strings.ContainsRune("[]:", r) }):
		return fmt.Errorf("its Host is %q", at.Host)
	case at.ContentLength > 0 && at.Body == nil:
		return fmt.Errorf("its ContentLength is %d, and it has no Body", at.ContentLength)
	case len(at.TransferEncoding) > 0 && !slices.Equal(at.TransferEncoding, []string{"chunked"}):
		return fmt.Errorf("the transfer coding is %q: want none, or chunked", at.TransferEncoding)
	case len(at.Trailer) > 0:
		return errors.New("it has trailers, which this client doesn't send")
	}
	return checkHeader(at)
}

func checkHeader(at *http.Request) error {
	for name, values := range at.Header {
		switch {
		case !isToken(name):
			return fmt.Errorf("a header is named %q", name)
		case slices.ContainsFunc(values, func(v string) bool { return !isText(v) }):
			return fmt.Errorf("the header %s has a control character", name)
		case name == "Host":
			return errors.New("the header Host is set: set Request.Host instead")
		case name == "Expect":
			return errors.New("the header Expect is set, and this client can't wait for an answer before it sends a body")
		case name == "Transfer-Encoding" || name == "Trailer":
			return fmt.Errorf("the header %s is set: the client decides how a body is sent", name)
		case name == "Content-Length" && !slices.Equal(values, []string{strconv.FormatInt(lengthToSend(at), 10)}):
			return fmt.Errorf("the header Content-Length is %q, and the body has another length: set Request.ContentLength instead", values)
		}
	}
	return nil
}

// lengthToSend is the length of the request's body; -1 if that isn't known, and it is sent in chunks.
func lengthToSend(at *http.Request) int64 {
	switch {
	case at.Body == nil || at.Body == http.NoBody:
		return 0
	case at.ContentLength > 0 && len(at.TransferEncoding) == 0:
		return at.ContentLength
	}
	return -1
}

// writeHead writes the head of at to c.
func writeHead(c *conn, at *http.Request) {
	const usual = 256
	c.out = slices.Grow(c.out, usual)
	c.say(at.Method, " ", at.URL.RequestURI(), " HTTP/1.1\r\nHost: ", at.Host, "\r\n")
	if at.Close {
		c.say("Connection: close\r\n")
	}
	switch length := lengthToSend(at); {
	case length < 0:
		c.say("Transfer-Encoding: chunked\r\n")
	case length > 0 || at.Method == http.MethodPost || at.Method == http.MethodPut || at.Method == http.MethodPatch:
		c.say("Content-Length: ", strconv.FormatInt(length, 10), "\r\n")
	}
	_ = at.Header.Write(c) // to memory
	c.say("\r\n")
}

// hostOf is what a server is told of the host in u. A colon without a port isn't sent, nor
// the zone of an address, which means something only here (RFC 6874, 1).
func hostOf(u *url.URL) string {
	host := strings.TrimSuffix(u.Host, ":")
	if zone := strings.IndexByte(host, '%'); zone >= 0 {
		host = host[:zone] + host[strings.LastIndexByte(host, ']'):]
	}
	return host
}
