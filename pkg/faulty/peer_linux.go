package faulty

// Has the client read what we sent? Our own socket can't tell: TCP reports what the
// client's kernel has taken, not what its program has read.
//
// A fact about Linux: client and server are on one machine, and its kernel describes any
// socket over a netlink socket, sock_diag(7), as ss(8) does. Asked about the client's
// end, it says how many bytes have arrived there, and how many of them wait to be read.
// (The file /proc/net/tcp says the same, but reading it takes milliseconds, this a few
// microseconds.) A unix socket is easier: its SIOCOUTQ is what the other side hasn't
// read.

import (
	"encoding/binary"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A peer asks the kernel about the client's end of a connection.
type peer struct {
	local    syscall.RawConn // of a unix socket; nil for TCP
	netlink  int             // the socket to ask through; -1 if the kernel offers none
	client   []byte          // the question about the client's end
	listener []byte          // the question about our own end, which is always answered
	answer   [1024]byte      // the kernel's takes about 400 bytes
}

func newPeer(conn net.Conn) *peer {
	p := &peer{netlink: -1}
	if c, ok := conn.(*net.UnixConn); ok {
		p.local, _ = c.SyscallConn()
		return p
	}
	ours, theirs := addrPort(conn.LocalAddr()), addrPort(conn.RemoteAddr())
	p.client, p.listener = question(theirs, ours), question(ours, theirs)
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_SOCK_DIAG)
	if err == nil {
		p.netlink = fd
	}
	return p
}

func (p *peer) close() {
	if p.netlink >= 0 {
		unix.Close(p.netlink)
		p.netlink = -1
	}
}

// hasRead reports whether the client's program has read all of the sent bytes, or is gone
// and won't read them. known is false if the kernel doesn't say.
func (p *peer) hasRead(sent int64) (read, known bool) {
	if p.local != nil {
		unread := 0
		err := onFD(p.local, func(fd int) (err error) {
			unread, err = unix.IoctlGetInt(fd, unix.SIOCOUTQ)
			return err
		})
		return err == nil && unread == 0, err == nil
	}
	// The kernel reads the two numbers one after the other, and data may arrive in
	// between, so waiting counts only if everything had arrived before it was asked for.
	arrived, _, found := p.ask(p.client)
	if found && arrived < uint64(sent) {
		return false, true
	}
	if _, waiting, found := p.ask(p.client); found {
		return waiting == 0, true
	}
	// No such socket: the client has closed it, unless the kernel answers no question.
	_, _, found = p.ask(p.listener)
	return found, found
}

// ask returns what the kernel knows about one socket: how many bytes have arrived at it
// in all, and how many of them wait to be read.
func (p *peer) ask(question []byte) (arrived uint64, waiting uint32, found bool) {
	if p.netlink < 0 || unix.Send(p.netlink, question, 0) != nil {
		return 0, 0, false
	}
	n, _, err := unix.Recvfrom(p.netlink, p.answer[:], 0)
	if err != nil || n < attributesAt || native.Uint16(p.answer[4:]) != unix.SOCK_DIAG_BY_FAMILY {
		return 0, 0, false
	}
	waiting = native.Uint32(p.answer[waitingAt:])
	for rest := p.answer[attributesAt:n]; len(rest) >= 4; {
		size, kind := int(native.Uint16(rest)), native.Uint16(rest[2:])
		if size < 4 || size > len(rest) {
			break
		}
		if kind == diagInfo && size >= 4+receivedAt+8 {
			return native.Uint64(rest[4+receivedAt:]), waiting, true
		}
		rest = rest[min((size+3)&^3, len(rest)):]
	}
	// A socket without that attribute has ended and only lingers.
	return 1<<63 - 1, 0, true
}

// The layout of question and answer is in linux/inet_diag.h and linux/tcp.h.
const (
	diagInfo     = 2       // INET_DIAG_INFO: a struct tcp_info is wanted
	waitingAt    = 16 + 56 // idiag_rqueue, behind the header
	attributesAt = 16 + 72 // behind header and inet_diag_msg
	receivedAt   = int(unsafe.Offsetof(unix.TCPInfo{}.Bytes_received))
	anySocket    = 1<<32 - 1   // INET_DIAG_NOCOOKIE, and all states
	questionSize = 16 + 8 + 48 // the header, what is wanted, and of which socket
)

var native = binary.NativeEndian

// question is the message that asks for the socket with these two addresses.
func question(here, there netip.AddrPort) []byte {
	q := make([]byte, 0, questionSize)
	q = native.AppendUint32(q, questionSize)
	q = native.AppendUint16(q, unix.SOCK_DIAG_BY_FAMILY)
	q = native.AppendUint16(q, unix.NLM_F_REQUEST)
	q = append(q, make([]byte, 8)...) // sequence and sender: one question at a time needs none
	q = append(q, family(here), unix.IPPROTO_TCP, 1<<(diagInfo-1), 0)
	q = native.AppendUint32(q, anySocket)
	q = binary.BigEndian.AppendUint16(q, here.Port())
	q = binary.BigEndian.AppendUint16(q, there.Port())
	for _, a := range []netip.AddrPort{here, there} {
		var bytes [16]byte
		copy(bytes[:], a.Addr().AsSlice())
		q = append(q, bytes[:]...)
	}
	q = native.AppendUint32(q, 0) // on any interface
	q = native.AppendUint32(q, anySocket)
	return native.AppendUint32(q, anySocket)
}

func family(a netip.AddrPort) byte {
	if a.Addr().Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// addrPort returns a in its shortest form, since net gives IPv4 in 16 bytes.
func addrPort(a net.Addr) netip.AddrPort {
	ap := a.(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
