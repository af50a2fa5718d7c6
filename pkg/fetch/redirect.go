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
	"slices"
)

// Why a redirect is refused. Its Location may also be refused as ErrURL.
var (
	ErrRedirects = errors.New("too many redirects")
	ErrDowngrade = errors.New("an https page sends us on to http")
	ErrPrivate   = errors.New("a page at a public address sends us on to a private one")
)

// follow returns the request to which head redirects us, or nil if it is an answer.
func (j *journey) follow(head Head) (next *http.Request, err error) {
	location := head.Header.Get("Location")
	if location == "" || !sendsOn(head.Code) || j.MaxRedirects < 0 {
		return nil, nil
	}
	u, err := parse(j.at.URL, location)
	if err != nil {
		return nil, fmt.Errorf("sent on to %w", err)
	}
	next = request(u)
	err = j.allow(next)
	switch {
	case errors.Is(err, http.ErrUseLastResponse):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("sent on to %s: %w", u, err)
	}
	return next, nil
}

// allow judges next by what is known before connecting.
func (j *journey) allow(next *http.Request) error {
	most := j.MaxRedirects
	if most == 0 {
		most = 10
	}
	switch {
	case len(j.via) >= most:
		return ErrRedirects
	case j.at.URL.Scheme == "https" && next.URL.Scheme == "http" && !j.RedirectToHTTP:
		return ErrDowngrade
	case j.CheckRedirect != nil:
		return j.CheckRedirect(next, append(slices.Clone(j.via), j.at))
	}
	return nil
}

// admit judges the address that was connected to, before anything is sent: a name may lead
// elsewhere each time it is looked up.
func (j *journey) admit(peer netip.Addr) error {
	if !j.RedirectToPrivate && !isPrivate(j.peer) && isPrivate(peer) {
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
