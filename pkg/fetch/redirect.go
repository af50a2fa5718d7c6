package fetch

// Where an answer may redirect us. A page that you ask for decides what you ask for next,
// so it could make you fetch what it can't reach itself: a page behind your firewall, or
// one on your own machine. It could also turn https into http, which everybody on the way
// can read.

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
)

// Why a redirect is refused. Its Location may also be refused as ErrURL.
var (
	ErrRedirects = errors.New("too many redirects")
	ErrDowngrade = errors.New("an https page sends us on to http")
	ErrPrivate   = errors.New("a page at a public address sends us on to a private one")
)

// follow returns the request to which head redirects us, or nil if it is an answer.
func (x *exchange) follow(head Head) (*http.Request, error) {
	location := head.Header.Get("Location")
	if location == "" || !sendsOn(head.Code) || x.MaxRedirects < 0 {
		return nil, nil
	}
	keepsBody := head.Code == http.StatusTemporaryRedirect || head.Code == http.StatusPermanentRedirect
	if keepsBody && lengthToSend(x.at) != 0 && x.at.GetBody == nil {
		return nil, nil // as in net/http: the caller decides
	}
	u, err := parse(x.at.URL, location)
	if err != nil {
		return nil, fmt.Errorf("sent on to %w", err)
	}
	next := x.next(u, keepsBody)
	err = x.allow(next)
	if err == nil && lengthToSend(next) != 0 {
		next.Body, err = next.GetBody()
	}
	switch {
	case errors.Is(err, http.ErrUseLastResponse):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("sent on to %s: %w", u, err)
	}
	return next, nil
}

// next is the request for u, where x.at leads to.
func (x *exchange) next(u *url.URL, keepsBody bool) *http.Request {
	next := x.at.WithContext(x.at.Context()) // a shallow copy
	next.URL, next.Header = u, x.at.Header.Clone()
	if u.Host != x.at.URL.Host {
		next.Host = hostOf(u)
	}
	if keyOf(u) != keyOf(x.at.URL) {
		remove(next.Header, "Authorization", "Www-Authenticate", "Cookie", "Cookie2", "Proxy-Authorization", "Proxy-Authenticate")
	}
	if keepsBody {
		return next
	}
	next.Body, next.GetBody, next.ContentLength, next.TransferEncoding = nil, nil, 0, nil
	if next.Method != http.MethodHead {
		next.Method = http.MethodGet
	}
	remove(next.Header, "Content-Encoding", "Content-Language", "Content-Location", "Content-Type")
	return next
}

func remove(h http.Header, names ...string) {
	for _, name := range names {
		delete(h, name)
	}
}

// allow judges next by what is known before connecting.
func (x *exchange) allow(next *http.Request) error {
	most := x.MaxRedirects
	if most == 0 {
		most = 10
	}
	switch {
	case len(x.via) >= most:
		return ErrRedirects
	case x.at.URL.Scheme == "https" && next.URL.Scheme == "http" && !x.RedirectToHTTP:
		return ErrDowngrade
	case x.CheckRedirect != nil:
		return x.CheckRedirect(next, append(slices.Clone(x.via), x.at))
	}
	return nil
}

// admit judges the address that was connected to, before anything is sent: a name may lead
// elsewhere each time it is looked up.
func (x *exchange) admit(peer netip.Addr) error {
	if !x.RedirectToPrivate && !isPrivate(x.peer) && isPrivate(peer) {
		return fmt.Errorf("it is at %v: %w", peer, ErrPrivate)
	}
	return nil
}

// ipOf returns the IP address of a, which isn't valid for a unix socket.
func ipOf(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr()
	}
	return netip.Addr{}
}

// isPrivate reports whether ip belongs to this machine, or to a network that isn't public.
// An address that isn't valid is private too: that of a unix socket, or the one before
// the first page.
func isPrivate(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return true
	}
	for _, prefix := range special {
		if prefix.Contains(ip) {
			return true
		}
	}
	return isPrivateWithin(ip)
}

// special holds what netip doesn't count as private: "this network", which Linux takes for
// this machine, shared space behind carriers (RFC 6598), space for protocols and for
// benchmarks, reserved space, site-local IPv6, and local NAT64 (RFC 8215).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("fec0::/10"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
}

// isPrivateWithin judges the IPv4 address that a gateway finds in an IPv6 one: at the end
// for NAT64 (RFC 6052), after the prefix for 6to4 (RFC 3056).
func isPrivateWithin(ip netip.Addr) bool {
	b := ip.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(ip):
		return isPrivate(netip.AddrFrom4([4]byte(b[12:])))
	case netip.MustParsePrefix("2002::/16").Contains(ip):
		return isPrivate(netip.AddrFrom4([4]byte(b[2:])))
	}
	return false
}

func sendsOn(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
