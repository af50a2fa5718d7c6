package lesson

// Which sockets of this process are connected to an address? The code that lesson
// 01 judges opens descriptors, and doesn't hand them out.

import (
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

// descriptors are the numbers that are in use, as this system lists them.
func descriptors() (fds []int) {
	entries, err := os.ReadDir("/dev/fd")
	trial.Must(err)
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil {
			fds = append(fds, fd)
		}
	}
	slices.Sort(fds)
	return fds
}

// connectedTo are the descriptors of all sockets whose peer is address.
func connectedTo(address string) []int {
	return streams(func(fd int) bool { return leadsTo(fd, address) })
}

// otherEnds are the descriptors of the other end of fd, which is connected to a server at
// address in this process.
func otherEnds(fd int, address string) []int {
	name, err := unix.Getsockname(fd)
	_, server, bad := sock.Sockaddr(address)
	if err != nil || bad != nil {
		return nil
	}
	return streams(func(end int) bool {
		own, err := unix.Getsockname(end)
		peer, bad := unix.Getpeername(end)
		return err == nil && bad == nil && equal(own, server) && equal(peer, name)
	})
}

// leadsTo reports whether the peer of the socket fd is address.
func leadsTo(fd int, address string) bool {
	_, peer, err := sock.Sockaddr(address)
	if err != nil {
		return false
	}
	name, err := unix.Getpeername(fd)
	return err == nil && equal(name, peer)
}

// unconnected are the descriptors of sockets that have no peer and don't listen:
// their connection was refused or reset, or never begun. They include the
// server's end of a connection that was reset.
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

// streams are the descriptors of the stream sockets for which is returns true.
func streams(is func(fd int) bool) (fds []int) {
	for _, fd := range descriptors() {
		kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
		if err == nil && kind == unix.SOCK_STREAM && is(fd) {
			fds = append(fds, fd)
		}
	}
	return fds
}

// equal compares two IP addresses: all servers here have one.
func equal(a, b unix.Sockaddr) bool {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		b, same := b.(*unix.SockaddrInet4)
		return same && a.Port == b.Port && a.Addr == b.Addr
	case *unix.SockaddrInet6:
		b, same := b.(*unix.SockaddrInet6)
		return same && a.Port == b.Port && a.Addr == b.Addr
	}
	return false
}

// inode tells the file behind fd from any other, or is 0 if there is none.
func inode(fd int) uint64 {
	var stat unix.Stat_t
	if unix.Fstat(fd, &stat) != nil {
		return 0
	}
	return stat.Ino
}
