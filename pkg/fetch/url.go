package fetch

// What may be asked for. A URL comes from the caller or from the Location of an answer.
// Both go through parse, so that the request line, Host and TLS's server name contain only
// what has been checked and encoded.

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Why a URL is refused. Each error that Parse returns is also ErrURL.
var (
	ErrURL       = errors.New("want http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH")
	ErrPassword  = errors.New("the part before an @ may be a password, which is neither sent nor repeated here")
	ErrHostASCII = errors.New("the host has letters beyond ASCII: write it in its ASCII form, xn--… (golang.org/x/net/idna makes that)")
)

// Parse reads a URL that can be fetched, and percent-encodes what a request must not
// contain (RFC 3986): the path "/a b" becomes "/a%20b". Existing escapes stay, and so does
// an empty path: http://h and http://h/ are one page, but two texts.
//
// The error is ErrURL, with the reason, for a scheme other than http and https, for
// control characters, which could smuggle a second request, for a port that no server can
// have, and for a path with a % that begins no escape. Further errors are ErrPassword, and
// ErrHostASCII, since package fetch looks up and sends names as they are written.
func Parse(rawURL string) (*url.URL, error) { return parse(nil, rawURL) }

// parse is Parse for a reference, relative to base unless that is nil.
func parse(base *url.URL, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, refuse(raw, reason(raw, err, base))
	}
	if u.RawPath != "" { // the path as it was written, if net/url would write it differently
		u.RawPath = encode(u.RawPath)
	}
	u.RawQuery = encode(u.RawQuery)
	if base != nil {
		u = base.ResolveReference(u)
	}
	if err := check(u, raw); err != nil {
		return nil, refuse(raw, err)
	}
	return u, nil
}

// check returns why u, written as raw, can't be fetched, or nil if it can. net/url has made
// sure that a host with a colon is an IPv6 address.
func check(u *url.URL, raw string) error {
	host := u.Hostname()
	switch {
	case u.User != nil:
		return ErrPassword
	case u.Scheme == "" || ports[u.Scheme] == "" && u.Host == "" && !strings.Contains(raw, ":/"):
		return noScheme(raw) // net/url takes the host in "localhost:80" for a scheme
	case ports[u.Scheme] == "":
		return fmt.Errorf("the scheme is %q", u.Scheme)
	case host == "":
		return errors.New("no host in it")
	case strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }):
		return ErrHostASCII
	case strings.ContainsFunc(host, func(r rune) bool { return !isPlain(r) }) && !strings.Contains(host, ":"):
		return fmt.Errorf("the host is %q", host)
	case !isPort(u.Port()):
		return fmt.Errorf("the port is %q, and not a number from 1 to 65535", u.Port())
	}
	return nil
}

// isPort reports whether a server can have that port. net/url has seen to it that it is
// digits, or "", which is the usual port.
func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// noScheme returns the reason for 127.0.0.1:80, with a suggestion where it helps.
func noScheme(raw string) error {
	better := "http://" + strings.TrimPrefix(raw, "//")
	if u, err := url.Parse(better); err == nil && u.Hostname() != "" {
		return fmt.Errorf("no http:// before it: try %q", better)
	}
	return errors.New("no http:// before it")
}

// reason returns what net/url says, without the URL.
func reason(raw string, err error, base *url.URL) error {
	var wrong *url.Error
	switch {
	case base == nil && !strings.Contains(raw, ":/"): // net/url takes "127.0.0.1:80" for a path with a colon in its first segment
		return noScheme(raw)
	case errors.As(err, &wrong):
		return wrong.Err
	}
	return err
}

// refuse quotes raw, but nothing before an @, nor a reason that might.
func refuse(raw string, why error) error {
	if at := strings.LastIndex(raw, "@"); at >= 0 {
		scheme, _, _ := strings.Cut(raw[:at], "://")
		if ports[strings.ToLower(scheme)] != "" {
			scheme += "://"
		} else {
			scheme = ""
		}
		raw, why = scheme+"xxxxx"+raw[at:], ErrPassword
	}
	return fmt.Errorf("%q: %w: %w", raw, why, ErrURL)
}

// isPlain reports whether r may be in the name of a host, and anywhere in a URL.
func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._", r)
}

// encode percent-encodes what a path or a query must not contain (RFC 3986, 3.3 and 3.4),
// and a % that begins no escape. Escapes stay as they are.
func encode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := rune(s[i]); isPlain(c) || strings.ContainsRune("~!$&'()*+,;=:@/?", c) || isEscape(s[i:]) {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// isEscape reports whether s begins with % and two hexadecimal digits.
func isEscape(s string) bool {
	if len(s) < 3 || s[0] != '%' {
		return false
	}
	_, err := strconv.ParseUint(s[1:3], 16, 8)
	return err == nil
}

// ports holds the schemes that can be fetched, with the ports of their servers.
var ports = map[string]string{"http": "80", "https": "443"}

// address returns where to dial. "localhost." is this machine (RFC 6761), although a
// resolver may ask the network for it.
func address(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if strings.EqualFold(host, "localhost.") {
		host = "localhost"
	}
	if port == "" {
		port = ports[u.Scheme]
	}
	return net.JoinHostPort(host, port)
}

// serverName returns the name that a certificate must be for: the host without a zone.
// crypto/tls removes the dot that ends an absolute name (RFC 6066, 3).
func serverName(u *url.URL) string {
	name, _, _ := strings.Cut(u.Hostname(), "%")
	return name
}
