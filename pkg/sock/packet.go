package sock

// Datagrams: a message comes whole, twice, out of order or not at all, and messages are
// never merged or split. udp(7). Read read.go and send.go first.

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// ErrTruncated: a datagram was longer than the buffer, and its rest is lost.
var ErrTruncated = errors.New("datagram is longer than the buffer: the rest is lost")

// PacketSocket is a datagram socket on a loop: UDP, or unix datagrams.
type PacketSocket struct {
	socket *Socket
	family int
}

// ListenPacket opens a datagram socket on address, which is as for Listen: "127.0.0.1:0"
// lets the system choose the port. It receives from any address and sends to any. Close
// removes a unix path as a listener's does.
//
// Errors are those of Listen. Only the loop's goroutine may call it.
func ListenPacket(l *loop.Loop, address string) (*PacketSocket, error) {
	return openPacket("listen packet", l, address, false)
}

// ConnectPacket opens a datagram socket that talks to address alone: it receives only
// from there, and learns by ICMP if nobody listens there (ECONNREFUSED). The system
// chooses its port; a unix socket gets no address, so it can't be answered. Nothing is
// sent yet, so ConnectPacket doesn't pause.
//
// Errors are those of Connect. Only the loop's goroutine may call it.
func ConnectPacket(l *loop.Loop, address string) (*PacketSocket, error) {
	return openPacket("connect packet", l, address, true)
}

func openPacket(op string, l *loop.Loop, address string, connect bool) (*PacketSocket, error) {
	p, err := newPacket(l, address, connect)
	if err != nil {
		return nil, &net.OpError{Op: op, Addr: Address(address), Err: err}
	}
	return p, nil
}

func newPacket(l *loop.Loop, address string, connect bool) (*PacketSocket, error) {
	family, sa, err := Sockaddr(address)
	switch {
	case l == nil:
		return nil, loop.ErrNilLoop
	case l.Closed():
		return nil, loop.ErrClosed
	case err != nil:
		return nil, err
	case connect && port(sa) == 0:
		return nil, fmt.Errorf("port is 0: %w", ErrAddress)
	}
	fd, err := l.Calls().SocketDatagram(family)
	if err != nil {
		return nil, err
	}
	p := &PacketSocket{newSocket(l, fd, nil), family}
	if connect {
		p.socket.remote = packetAddr(sa)
		err = l.Calls().Connect(fd, sa)
	} else {
		err = p.socket.bind(sa)
	}
	if err != nil {
		_ = p.Close()
		return nil, err
	}
	return p, nil
}

// SendTo sends data as one datagram to the address to, or, if to is nil, to the peer of a
// socket that ConnectPacket made: asyncio's sock_sendto. The datagram is sent whole or
// not at all. SendTo pauses only while the system's own buffer is full; nil doesn't mean
// that the datagram has arrived. data may be empty.
//
// Errors are *net.OpError: EMSGSIZE for more than a datagram holds, ErrAddress,
// EDESTADDRREQ if there is no address, ECONNREFUSED for an earlier datagram, EAGAIN if
// the owner of a unix path doesn't read, ErrBusy while another task sends, net.ErrClosed,
// future.ErrCanceled.
func SendTo(yield coro.Yield, p *PacketSocket, data []byte, to net.Addr) error {
	sa, err := p.sockaddr(to)
	if err != nil {
		return &net.OpError{Op: "send to", Addr: to, Err: err}
	}
	s := p.socket
	if err := s.claim(yield, &s.write); err != nil {
		return p.opError("send to", to, err)
	}
	defer s.write.release()
	full := error(nil)
	err = s.retry(yield, &s.write, func() error {
		err := s.loop.Calls().SendTo(s.fd, data, sa)
		if err == unix.EAGAIN && to != nil && p.family == unix.AF_UNIX {
			// Waiting would burn a processor: the receiver is full, and yet the system
			// reports a socket that has many receivers as writable.
			full = err
			return nil
		}
		return err
	})
	if err == nil {
		err = full
	}
	return p.opError("send to", to, err)
}

// ReceiveFrom takes the next datagram into b and waits until there is one: asyncio's
// sock_recvfrom. It returns the datagram's length, which may be 0, and its sender; from
// is nil if the sender has no address. If the datagram is longer than b, b has the part
// that fits, and the error is ErrTruncated.
//
// Other errors are *net.OpError: ECONNREFUSED on a connected socket if nobody listened to
// an earlier datagram, ErrBusy while another task receives, net.ErrClosed,
// future.ErrCanceled; nothing has been taken then.
func ReceiveFrom(yield coro.Yield, p *PacketSocket, b []byte) (n int, from net.Addr, err error) {
	s := p.socket
	if err := s.claim(yield, &s.read); err != nil {
		return 0, nil, p.opError("receive", nil, err)
	}
	defer s.read.release()
	err = s.retry(yield, &s.read, func() error {
		var sa unix.Sockaddr
		var truncated bool
		var err error
		n, truncated, sa, err = s.loop.Calls().RecvFrom(s.fd, b)
		from = packetAddr(sa)
		if err == nil && truncated {
			err = ErrTruncated
		}
		return err
	})
	return n, from, p.opError("receive", from, err)
}

// opError puts err into the form of package net, with a as the address unless it is nil.
func (p *PacketSocket) opError(op string, a net.Addr, err error) error {
	if err == nil {
		return nil
	}
	if a == nil {
		return p.socket.opError(op, err)
	}
	return &net.OpError{Op: op, Addr: a, Err: err}
}

// sockaddr turns to into what the system calls take.
func (p *PacketSocket) sockaddr(to net.Addr) (unix.Sockaddr, error) {
	switch a := to.(type) {
	case nil:
		return nil, nil
	case *net.UDPAddr:
		family, sa, err := Sockaddr(a.String())
		switch {
		case err != nil || family == p.family:
			return sa, err
		case family == unix.AF_INET && p.family == unix.AF_INET6:
			return mapped(sa.(*unix.SockaddrInet4)), nil // so that an IPv4 sender can be answered
		}
		return nil, fmt.Errorf("%v from a socket of another family: %w", a, ErrAddress)
	case *net.UnixAddr:
		_, sa, err := Sockaddr("unix:" + a.Name)
		return sa, err
	}
	return nil, fmt.Errorf("a %T is no address of a datagram: %w", to, ErrAddress)
}

// mapped is the form of an IPv4 address on an IPv6 socket that receives IPv4 too, such as
// one on "[::]:0": ipv6(7).
func mapped(sa *unix.SockaddrInet4) *unix.SockaddrInet6 {
	return &unix.SockaddrInet6{Port: sa.Port, Addr: netip.AddrFrom4(sa.Addr).As16()}
}

func packetAddr(sa unix.Sockaddr) net.Addr {
	switch a := addr(sa).(type) {
	case *net.TCPAddr:
		ip, _ := netip.AddrFromSlice(a.IP)
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip.Unmap().WithZone(a.Zone), uint16(a.Port)))
	case *net.UnixAddr:
		if a.Name != "" && a.Name != "@" { // these are the names of a socket without one
			return &net.UnixAddr{Name: a.Name, Net: "unixgram"}
		}
	}
	return nil
}

// FD is the descriptor, -1 once p is closed. p still owns it.
func (p *PacketSocket) FD() int { return p.socket.fd }

// Loop is the loop that p belongs to.
func (p *PacketSocket) Loop() *loop.Loop { return p.socket.loop }

// LocalAddr is our own address; nil if p has none, or is closed.
func (p *PacketSocket) LocalAddr() net.Addr {
	sa, err := p.socket.loop.Calls().LocalName(p.socket.fd)
	if err != nil {
		return nil
	}
	return packetAddr(sa)
}

// RemoteAddr is the peer's address; nil unless ConnectPacket made p.
func (p *PacketSocket) RemoteAddr() net.Addr { return p.socket.remote }

// SetDeadline, SetReadDeadline and SetWriteDeadline are Socket's, for ReceiveFrom
// and SendTo.
func (p *PacketSocket) SetDeadline(t time.Time) error { return p.socket.SetDeadline(t) }

// SetReadDeadline ends ReceiveFrom, as SetDeadline says.
func (p *PacketSocket) SetReadDeadline(t time.Time) error { return p.socket.SetReadDeadline(t) }

// SetWriteDeadline ends SendTo, as SetDeadline says.
func (p *PacketSocket) SetWriteDeadline(t time.Time) error { return p.socket.SetWriteDeadline(t) }

// Close releases the descriptor. Tasks that wait on p get net.ErrClosed, and so does a
// second Close.
func (p *PacketSocket) Close() error { return p.socket.Close() }

// String names the socket in pictures and errors.
func (p *PacketSocket) String() string { return p.socket.String() }
