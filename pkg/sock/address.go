package sock

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ErrAddress: an address that no socket can have.
var ErrAddress = errors.New(`want "127.0.0.1:80", "[::1]:80" or "unix:/path"`)

// Sockaddr turns an address into what the system calls take: the family, AF_INET,
// AF_INET6 or AF_UNIX, and the socket address. It doesn't resolve names: that would block
// the loop. An IPv4 address that is written as an IPv6 one (::ffff:127.0.0.1) is IPv4, as
// in package net. On Linux "unix:@name" is an abstract address: unix(7). The error is
// ErrAddress, with the reason.
func Sockaddr(address string) (family int, sa unix.Sockaddr, err error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return unixAddr(path)
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", err, ErrAddress)
	}
	ip := ap.Addr()
	switch {
	case ip.Is4In6() && ip.Zone() != "":
		return 0, nil, fmt.Errorf("a zone of an IPv4 address: %w", ErrAddress)
	case ip.Is4In6():
		ip = ip.Unmap()
	}
	if ip.Is4() {
		return unix.AF_INET, &unix.SockaddrInet4{Port: int(ap.Port()), Addr: ip.As4()}, nil
	}
	zone, err := zoneID(ip.Zone())
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", err, ErrAddress)
	}
	return unix.AF_INET6, &unix.SockaddrInet6{Port: int(ap.Port()), Addr: ip.As16(), ZoneId: zone}, nil
}

func unixAddr(path string) (family int, sa unix.Sockaddr, err error) {
	const most = 107 // sun_path without its final NUL; on a few systems it is three less
	switch {
	case path == "" || len(path) > most:
		err = fmt.Errorf("a path of %d bytes: %w", len(path), ErrAddress)
	case strings.ContainsRune(path, 0):
		err = fmt.Errorf("a path with a NUL: %w", ErrAddress)
	case abstract(path) && len(path) == 1:
		err = fmt.Errorf("an abstract address without a name: %w", ErrAddress)
	default:
		return unix.AF_UNIX, &unix.SockaddrUnix{Name: path}, nil
	}
	return 0, nil, err
}

// zoneID is the interface's index: a zone is its name or its number.
func zoneID(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), nil
	}
	i, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, err
	}
	return uint32(i.Index), nil
}

// addr is the way back, for RemoteAddr, LocalAddr and errors.
func addr(sa unix.Sockaddr) net.Addr {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: sa.Addr[:], Port: sa.Port}
	case *unix.SockaddrInet6:
		a := &net.TCPAddr{IP: sa.Addr[:], Port: sa.Port}
		if sa.ZoneId != 0 {
			a.Zone = strconv.Itoa(int(sa.ZoneId))
		}
		return a
	case *unix.SockaddrUnix:
		return &net.UnixAddr{Name: sa.Name, Net: "unix"}
	}
	return nil
}

// Address is an address as the caller wrote it: the net.Addr of an error about it. It may
// be one that no socket has.
type Address string

// Network is empty: Address doesn't say what kind it is.
func (a Address) Network() string { return "" }

// String is a as it was written.
func (a Address) String() string { return string(a) }

func port(sa unix.Sockaddr) int {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return sa.Port
	case *unix.SockaddrInet6:
		return sa.Port
	}
	return -1
}
