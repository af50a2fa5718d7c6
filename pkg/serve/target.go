package serve

// What a request may ask for: the grammar of its target and of Host. Read head.go first.

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// What is allowed in the name of a header (RFC 9110, 5.6.2), in that of a host (RFC 3986,
// 3.2.2) and in a port.
const alphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

var (
	ofTokens = set(alphanumerics + "!#$%&'*+-.^_`|~")
	ofNames  = set(alphanumerics + "-._~!$&'()*+,;=%")
	ofDigits = set("0123456789")
)

// charset has true for each byte that is in it.
type charset [256]bool

func set(chars string) *charset {
	var in charset
	for _, c := range []byte(chars) {
		in[c] = true
	}
	return &in
}

// consists reports whether s is not empty and has only bytes that are in allowed.
func consists[S string | []byte](s S, allowed *charset) bool {
	for i := range len(s) {
		if !allowed[s[i]] {
			return false
		}
	}
	return len(s) > 0
}

// validTarget accepts the forms of target that make sense to a server that is no tunnel
// (RFC 9112, 3.2). Bytes above ASCII pass, as they do elsewhere: clients send file names
// in UTF-8.
func validTarget(method, target string) bool {
	scheme, rest, absolute := strings.Cut(target, "://")
	switch {
	case strings.Contains(target, "#"): // a fragment stays with the client
		return false
	case target == "*":
		return method == http.MethodOptions
	case strings.HasPrefix(target, "/"):
		return true
	case !absolute || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https"):
		return false
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority = rest[:i]
	}
	return validHost(authority) && hostOf(authority) != ""
}

// hostOf is host without its port.
func hostOf(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		return host[:i]
	}
	return host
}

// validHost reports whether host is valid by RFC 3986, 3.2.2, with or without a port. An
// empty host is valid (RFC 9112, 3.2); one with a user or a zone isn't.
func validHost(host string) bool {
	name := hostOf(host)
	port := strings.TrimPrefix(host[len(name):], ":")
	if port != "" && !consists(port, ofDigits) {
		return false
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		ip, err := netip.ParseAddr(inner)
		return ok && err == nil && ip.Is6() && ip.Zone() == ""
	}
	_, err := url.PathUnescape(name)
	return err == nil && (name == "" || consists(name, ofNames))
}
