package faulty

// Doors that stay shut: connecting to one is refused, connecting to the other gets no
// answer at all.

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// Refused is an address at which nothing listens until Close: each connect ends with
// ECONNREFUSED.
//
// A fact about the kernel: bind(2) takes a port, which answers only after listen(2). So a
// socket that is bound but not listening refuses every connect, and no other program can
// get the port. The usual trick, to listen, close, and use the free port, lets another
// program take it in the meantime. The system may even give it to the very socket that
// connects, which then talks to itself.
//
// On Linux, another server may be given the address of Refused, and listen there. When it
// ends, connects are refused again, since the port stays taken.
func Refused(at ...string) *Server {
	network, address, own := place("Refused", at)
	fd, addr, err := bound(network, address)
	if err != nil {
		closeAll(own)
		panic(fmt.Sprintf("faulty: Refused: %v", err))
	}
	s := newServer("Refused", addr, nil, nil)
	s.own = append([]io.Closer{descriptor(fd)}, own...)
	if network == "unix" {
		s.own = append(s.own, socketFile(address))
	}
	return s
}

// bound returns a socket bound to address, and the address it got.
func bound(network, address string) (fd int, addr string, err error) {
	family, name := unix.AF_UNIX, unix.Sockaddr(&unix.SockaddrUnix{Name: address})
	if network == "tcp" {
		family, name = inet(netip.MustParseAddrPort(address))
	}
	// No child may start between socket and CloseOnExec, or it inherits the socket.
	syscall.ForkLock.RLock()
	fd, err = unix.Socket(family, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return -1, "", fmt.Errorf("socket: %w", err)
	}
	if network == "tcp" {
		// A listener of package net has this option too. The kernel lets two such sockets
		// have one port if at most one listens, and gives the port to nobody else by itself.
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	}
	if err == nil {
		err = unix.Bind(fd, name)
	}
	if err != nil {
		unix.Close(fd)
		return -1, "", fmt.Errorf("bind %s: %w", address, err)
	}
	if network == "unix" {
		return fd, address, nil
	}
	addr, err = localAddr(fd)
	if err != nil {
		unix.Close(fd)
	}
	return fd, addr, err
}

func inet(a netip.AddrPort) (family int, name unix.Sockaddr) {
	if a.Addr().Is4() {
		return unix.AF_INET, &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return unix.AF_INET6, &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
}

func localAddr(fd int) (string, error) {
	name, err := unix.Getsockname(fd)
	if err != nil {
		return "", fmt.Errorf("getsockname: %w", err)
	}
	switch n := name.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(n.Addr), uint16(n.Port)).String(), nil
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(n.Addr), uint16(n.Port)).String(), nil
	}
	return "", fmt.Errorf("getsockname: a %T", name)
}

// A descriptor is closed once, by Close.
type descriptor int

func (d descriptor) Close() error { return unix.Close(int(d)) }

// NeverAccepts listens and never accepts, and its queue is full: a connect stays in
// progress, without an answer, until the client gives up. On a unix socket, connect
// returns EAGAIN at once. After Release it accepts, and behaves as Echo.
//
// A fact about Linux: the kernel makes connections by itself and keeps them in a queue
// for accept(2). The queue takes one more than the number given to listen(2). When it is
// full, the kernel silently drops each SYN, since the client repeats it: after 1 s, 3 s,
// 7 s and so on, for two minutes. So a connect that waits may succeed as late as a second
// after Release. tcp_abort_on_overflow doesn't change that: it is about the last packet
// of a handshake, not the first.
func NeverAccepts(at ...string) *Server {
	ln, own := listen("NeverAccepts", at, nil)
	ours, err := fill(ln)
	for _, conn := range ours {
		own = append([]io.Closer{conn}, own...)
	}
	if err != nil {
		ln.Close()
		closeAll(own)
		panic(fmt.Sprintf("faulty: NeverAccepts: %v", err))
	}
	s := newServer("NeverAccepts", ln.Addr().String(), ln, echo)
	s.own, s.skip = own, len(ours)
	s.wg.Go(func() {
		select {
		case <-s.closing:
		case <-s.released:
			s.accept()
		}
	})
	return s
}

// shrink sets the length of ln's queue: listen(2), called again, changes it.
func shrink(ln net.Listener, backlog int) error {
	c, err := ln.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	return onFD(c, func(fd int) error { return unix.Listen(fd, backlog) })
}
