package simulation

// Addresses, hosts and names of a World.

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

var here4, here6 = netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()

// Host gives an IP address a name, for outside.Dial, package fetch and the script. A name
// may have several addresses, in the order of the calls; to give it the same one again changes
// nothing. "localhost" is 127.0.0.1. It panics if ip is no IP address, or if name is empty
// or one.
func (w *World) Host(name, ip string) {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		panic(fmt.Errorf("simulation: Host %s: %w", name, err))
	}
	if _, err := netip.ParseAddr(name); err == nil || name == "" {
		panic(fmt.Errorf("simulation: Host: %q is not a name", name))
	}
	a = a.Unmap()
	w.hosts[a] = true
	if known := w.names[spelled(name)]; !slices.Contains(known, a) {
		w.names[spelled(name)] = append(known, a)
	}
}

// spelled is name as DNS compares it: a final dot and capitals make no difference.
func spelled(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func (w *World) lookup(host string) ([]netip.Addr, error) {
	if found := w.names[spelled(host)]; len(found) > 0 {
		return slices.Clone(found), nil
	}
	return nil, &net.DNSError{Err: "no such host in this World: name it with World.Host", Name: host, IsNotFound: true}
}

// host is the addresses of a host that a Fault names, by an IP or a name.
func (w *World) host(text string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap()
		w.hosts[a] = true
		return []netip.Addr{a}, nil
	}
	return w.lookup(text)
}

// address is what a Fault writes as "10.0.0.2:80" or "name:80".
func (w *World) address(text string) (found []netip.AddrPort, err error) {
	name, port, err := net.SplitHostPort(text)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	hosts, err := w.host(name)
	for _, a := range hosts {
		found = append(found, netip.AddrPortFrom(a, uint16(number)))
	}
	return found, err
}

// knows reports whether to is a host of this World.
func (w *World) knows(to netip.Addr) bool { return to.IsLoopback() || w.hosts[to] }

// find returns the listener that connections to an address go to: one at that very address,
// or else one at all addresses. One at [::] takes IPv4 too, as Linux has it. ipv6(7).
func (w *World) find(to netip.AddrPort) *socket {
	places := []netip.Addr{to.Addr(), netip.IPv6Unspecified()}
	if to.Addr().Is4() {
		places = []netip.Addr{to.Addr(), netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	}
	for _, a := range places {
		if l := w.listener[netip.AddrPortFrom(a, to.Port())]; l != nil {
			return l
		}
	}
	return nil
}

// taken reports whether a listener is in the way of one at a. One at all addresses is in the
// way of those of this machine, the loopback, but not of other hosts.
func (w *World) taken(a netip.AddrPort) bool {
	for other := range w.listener {
		if other.Port() == a.Port() && (other == a || covers(other.Addr(), a.Addr()) || covers(a.Addr(), other.Addr())) {
			return true
		}
	}
	return false
}

// covers reports whether a listener at all takes what is meant for one.
func covers(all, one netip.Addr) bool {
	return (one.IsLoopback() || one.IsUnspecified()) &&
		(all == netip.IPv6Unspecified() || all == netip.IPv4Unspecified() && one.Is4())
}

// freePort returns the next port on which nothing listens.
func (w *World) freePort() uint16 {
	for {
		w.lastPort = max(w.lastPort+1, firstPort) // after the last comes the first
		if !slices.ContainsFunc(slices.Collect(maps.Keys(w.listener)), func(a netip.AddrPort) bool { return a.Port() == w.lastPort }) {
			return w.lastPort
		}
	}
}

const firstPort = 40_001

// here is the loopback address.
func here(v6 bool) netip.Addr {
	if v6 {
		return here6
	}
	return here4
}

// somewhere is a, or the loopback if a means all addresses of this machine.
func somewhere(a netip.AddrPort) netip.AddrPort {
	if a.Addr().IsUnspecified() {
		return netip.AddrPortFrom(here(a.Addr().Is6()), a.Port())
	}
	return a
}

// giveAddress gives s an address of its own, unless it has one.
func (w *World) giveAddress(s *socket) {
	if !s.local.IsValid() {
		s.local = netip.AddrPortFrom(here(s.family == unix.AF_INET6), w.freePort())
	}
}

// addrPort is the address that a system call was given.
func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	}
	return netip.AddrPort{}
}

// sockaddr is the way back.
func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
}
