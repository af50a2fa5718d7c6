package lesson

// Which sockets of this process are somebody's who talks to an address? What
// lesson 01 judges has descriptors of its own, and doesn't hand them out.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/sock"
)

// mostDescriptors is as far as streams looks: the lowest free number is given
// out first, so that higher ones are not in use.
const mostDescriptors = 4096

// connectedTo are the descriptors of all sockets whose peer is address.
func connectedTo(address string) []int {
	_, peer, err := sock.Sockaddr(address)
	if err != nil {
		return nil
	}
	return streams(func(fd int) bool {
		name, err := unix.Getpeername(fd)
		return err == nil && equal(name, peer)
	})
}

// unconnected are the descriptors of sockets that have no peer and don't listen:
// their connection was refused or reset, or never begun. The server's end of a
// connection that was reset is among them.
func unconnected() []int {
	return streams(func(fd int) bool {
		_, err := unix.Getpeername(fd)
		if err != unix.ENOTCONN {
			return false
		}
		listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
		return err == nil && listens == 0
	})
}

// streams are the descriptors of stream sockets for which is says yes.
func streams(is func(fd int) bool) (fds []int) {
	for fd := range mostDescriptors {
		kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
		if err == nil && kind == unix.SOCK_STREAM && is(fd) {
			fds = append(fds, fd)
		}
	}
	return fds
}

// equal compares two addresses of IPv4, which all servers here have.
func equal(a, b unix.Sockaddr) bool {
	x, isX := a.(*unix.SockaddrInet4)
	y, isY := b.(*unix.SockaddrInet4)
	return isX && isY && x.Port == y.Port && x.Addr == y.Addr
}
