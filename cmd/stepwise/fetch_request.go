// fetch_request.go: what `stepwise fetch` asks for, in curl's flags. Read fetch.go first.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"stepwise/pkg/fetch"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/idna"
)

type fetchRequest struct {
	Header []string `short:"H" sep:"none" placeholder:"LINE" help:"Send a header: 'Name: value'. 'Name:' sends none, 'Name;' an empty one. Repeatable."`
	Method string   `name:"request" short:"X" placeholder:"METHOD" help:"Method of the request (default: GET; POST with -d, HEAD with -I)."`
	Data   []string `short:"d" sep:"none" placeholder:"DATA" help:"Send DATA as the body; @FILE is a file's content, @- that of standard input. Repeatable."`
	Head   bool     `short:"I" help:"Ask for the head alone (HEAD), and print it."`

	body []byte // of all Data, once readBody has read it
}

// check is a part of Validate.
func (c *fetchRequest) check() error {
	switch {
	case c.Head && c.Data != nil:
		return errors.New("-I asks for a head, which takes no -d: leave one of them out")
	case c.Head && c.Method != "":
		return errors.New("-I is -X HEAD, and prints the head: leave -X out")
	case c.Method == http.MethodConnect:
		return errors.New("-X CONNECT makes a tunnel, and this client makes none")
	case c.Method != "" && !httpguts.ValidHeaderFieldName(c.Method): // both are tokens
		return fmt.Errorf("-X %q: want a method such as PUT", c.Method)
	}
	_, _, err := c.headers()
	return err
}

// headers returns the headers that -H and -d set, and the Host.
func (c *fetchRequest) headers() (header http.Header, host string, err error) {
	header = http.Header{}
	for _, line := range c.Header {
		name, value, sent, err := parseHeader(line)
		if err != nil {
			return nil, "", err
		}
		switch {
		case name == "Host" && host != "":
			return nil, "", errors.New("-H Host is given twice")
		case name == "Host":
			host = value
		case sent:
			header.Add(name, value)
		case slices.Contains(usual, name):
			header[name] = slices.Clone(header[name]) // there, even without a value
		}
	}
	if _, given := header["Content-Type"]; !given && c.Data != nil {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return header, host, nil
}

// usual are the headers that are sent if no -H speaks of them.
var usual = []string{"User-Agent", "Accept", "Content-Type"}

// parseHeader takes a -H apart; sent is false for "Name:". Its errors don't repeat a value,
// which may be a secret.
func parseHeader(line string) (name, value string, sent bool, err error) {
	name, value, sent = strings.Cut(line, ":")
	empty := false
	if !sent {
		name, empty = strings.CutSuffix(line, ";")
	}
	value = strings.Trim(value, " \t")
	switch {
	case !sent && !empty:
		return "", "", false, errors.New("-H: a line has no colon: want 'Name: value', 'Name:' to send none, or 'Name;' to send an empty one")
	case !httpguts.ValidHeaderFieldName(name):
		return "", "", false, fmt.Errorf("-H %q: this is no name of a header: want 'Name: value'", name)
	case !httpguts.ValidHeaderFieldValue(value):
		return "", "", false, fmt.Errorf("-H %s: the value has a control character", name)
	}
	name, sent = http.CanonicalHeaderKey(name), value != "" || empty
	return name, value, sent, refuseHeader(name, value, sent)
}

// refuseHeader says why a header can't be set, or not so.
func refuseHeader(name, value string, sent bool) error {
	switch name {
	case "Content-Length":
		return errors.New("-H Content-Length: the client counts the body itself: leave it out")
	case "Transfer-Encoding", "Trailer", "Expect":
		if sent {
			return fmt.Errorf("-H %s: the client decides how a body is sent: leave it out", name)
		}
	case "Host":
		if value == "" {
			return errors.New("-H Host: a request must name its host: give one")
		}
	case "User-Agent", "Accept":
		if sent && value == "" {
			return fmt.Errorf("-H '%s;': it can't be sent empty: write '%s:' to send none", name, name)
		}
	}
	return nil
}

// readBody reads what -d names, once for all URLs. It ends with ctx, since a terminal or
// a pipe may never say anything.
func (c *fetchRequest) readBody(ctx context.Context) error {
	for _, data := range c.Data {
		part := []byte(data)
		if name, isFile := strings.CutPrefix(data, "@"); isFile {
			content, err := readWithin(ctx, name)
			if err != nil {
				return err
			}
			part = slices.DeleteFunc(content, func(b byte) bool { return b == '\r' || b == '\n' || b == 0 }) // as curl does
		}
		if len(c.body) > 0 {
			c.body = append(c.body, '&')
		}
		c.body = append(c.body, part...)
	}
	return nil
}

// readWithin reads the file, or standard input if it is "-", until ctx is done.
func readWithin(ctx context.Context, name string) ([]byte, error) {
	type result struct {
		content []byte
		err     error
	}
	in, done := os.Stdin, make(chan result, 1)
	go func() {
		var r result
		if name == "-" {
			r.content, r.err = io.ReadAll(in)
		} else {
			r.content, r.err = os.ReadFile(name)
		}
		done <- r
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case r := <-done:
		if r.err != nil {
			return nil, &usageError{fmt.Errorf("-d @%s: %w", name, r.err)}
		}
		return r.content, nil
	}
}

// request returns the request for u, which ends with ctx.
func (c *fetchRequest) request(ctx context.Context, u *url.URL) (*http.Request, error) {
	method := c.Method
	switch {
	case method != "":
	case c.Head:
		method = http.MethodHead
	case c.Data != nil:
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	r.Header, r.Host, err = c.headers()
	return r, err
}

// target returns rawURL with a host that can be looked up: letters beyond ASCII are
// converted as browsers do (UTS 46).
func target(rawURL string) (string, error) {
	_, err := fetch.Parse(rawURL)
	u, parseErr := url.Parse(rawURL)
	if !errors.Is(err, fetch.ErrHostASCII) || parseErr != nil {
		return rawURL, err
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if !utf8.ValidString(u.Hostname()) {
		err = errors.New("it isn't UTF-8")
	}
	if err != nil {
		return rawURL, fmt.Errorf("%q: the host can't be written in ASCII: %w", rawURL, err)
	}
	if u.Port() != "" {
		host += ":" + u.Port()
	}
	scheme, rest, _ := strings.Cut(rawURL, "://")
	path := ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		path = rest[i:]
	}
	return scheme + "://" + host + path, nil
}
