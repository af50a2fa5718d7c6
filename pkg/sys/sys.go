// Package sys is the table of system calls that sockets make.
//
// It is a seam: a test replaces an entry to inject an errno, a short write, or a
// byte at a time, without a kernel that misbehaves on demand. Copy Kernel, change the
// copy, and set it in loop.Options.
//
//	calls := sys.Kernel
//	calls.Send = func(fd int, p []byte) (int, error) { return sys.Kernel.Send(fd, p[:1]) }
//	l, err := loop.New(loop.Options{Calls: &calls})
package sys

import "golang.org/x/sys/unix"

// Calls has an entry for each system call. Each behaves as its man page says, on a
// non-blocking descriptor, and returns the bare errno: nothing is retried here, so
// that the meaning of an EINTR or EAGAIN is decided where it matters.
type Calls struct {
	// Socket opens a stream socket, non-blocking and close-on-exec: socket(2).
	Socket func(family int) (fd int, err error)
	// SocketDatagram opens a datagram socket, non-blocking and close-on-exec.
	SocketDatagram func(family int) (fd int, err error)
	// Connect begins a connection: connect(2).
	Connect func(fd int, sa unix.Sockaddr) error
	// SocketError takes the pending error of fd, once; nil if there is none:
	// getsockopt(2), SO_ERROR.
	SocketError func(fd int) error
	// SetOption sets an integer option: setsockopt(2).
	SetOption func(fd, level, option, value int) error
	// SetLinger says what close(2) does with what is not sent yet: setsockopt(2),
	// SO_LINGER.
	SetLinger func(fd int, l unix.Linger) error
	// LocalName and PeerName are getsockname(2) and getpeername(2).
	LocalName func(fd int) (unix.Sockaddr, error)
	PeerName  func(fd int) (unix.Sockaddr, error)
	// Bind and Listen are bind(2) and listen(2).
	Bind   func(fd int, sa unix.Sockaddr) error
	Listen func(fd, backlog int) error
	// Accept takes a connection, non-blocking and close-on-exec: accept4(2).
	Accept func(fd int) (int, unix.Sockaddr, error)
	// Recv reads into p, which must not be empty: recv(2). 0 means the end.
	Recv func(fd int, p []byte) (int, error)
	// Peek says how many bytes Recv would return, at most 1, and leaves them
	// there: recv(2) with MSG_PEEK.
	Peek func(fd int) (int, error)
	// Send writes a part of p, which must not be empty: send(2). On a connection
	// that is gone it returns EPIPE, and never raises a signal.
	Send func(fd int, p []byte) (int, error)
	// RecvFrom takes one datagram: recvmsg(2). truncated says that it was longer
	// than p, and that the rest is lost. from is nil if the sender has no address.
	RecvFrom func(fd int, p []byte) (n int, truncated bool, from unix.Sockaddr, err error)
	// SendTo sends p as one datagram, to the peer of fd if to is nil: sendmsg(2).
	SendTo func(fd int, p []byte, to unix.Sockaddr) error
	// SendFile sends up to n bytes of the open file from, beginning at offset,
	// without copying them into the program's memory: sendfile(2). It moves no file
	// offset. 0 means the end of the file. The disk may make it wait, the socket
	// never does.
	SendFile func(fd, from int, offset int64, n int) (int, error)
	// Shutdown is shutdown(2).
	Shutdown func(fd, how int) error
	// Close is close(2). It is never repeated, whatever it returns: the number may
	// already belong to another file.
	Close func(fd int) error
}

// Kernel is the real thing. Copy it, don't change it.
var Kernel = short(Plain)

// Plain is Kernel without what is done for speed alone (ShortCalls): Go's scheduler is told
// of the calls, so they may also be made on a descriptor that blocks. Copy it, don't change it.
var Plain = Calls{
	Socket:         func(family int) (int, error) { return socket(family, unix.SOCK_STREAM) },
	SocketDatagram: func(family int) (int, error) { return socket(family, unix.SOCK_DGRAM) },
	Connect:        unix.Connect,
	SocketError:    socketError,
	SetOption:      unix.SetsockoptInt,
	SetLinger: func(fd int, l unix.Linger) error {
		return unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &l)
	},
	LocalName: unix.Getsockname,
	PeerName:  unix.Getpeername,
	Bind:      unix.Bind,
	Listen:    unix.Listen,
	Accept:    accept,
	Recv:      recv,
	Peek:      peek,
	Send:      send,
	SendFile:  sendFile,
	RecvFrom:  recvFrom,
	SendTo:    sendTo,
	Shutdown:  unix.Shutdown,
	Close:     unix.Close,
}

// Retry repeats call while a signal interrupts it (EINTR), which says nothing about
// the call itself. Don't use it for connect(2), which goes on in the background, nor
// for close(2).
func Retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

func recvFrom(fd int, p []byte) (int, bool, unix.Sockaddr, error) {
	n, _, flags, from, err := unix.Recvmsg(fd, p, nil, 0)
	if err != nil {
		return 0, false, nil, err
	}
	return n, flags&unix.MSG_TRUNC != 0, from, nil
}

func sendTo(fd int, p []byte, to unix.Sockaddr) error {
	_, err := unix.SendmsgN(fd, p, nil, to, 0)
	return err
}

func socketError(fd int) error {
	errno, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && errno != 0 {
		err = unix.Errno(errno)
	}
	return err
}

func peek(fd int) (int, error) {
	n, _, err := unix.Recvfrom(fd, make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
	return max(0, n), err
}

// sendFile prefers a count to an error: some systems return EAGAIN or EINTR together
// with the number of bytes that they sent before it.
func sendFile(fd, from int, offset int64, n int) (int, error) {
	sent, err := unix.Sendfile(fd, from, &offset, n)
	if sent > 0 {
		return sent, nil
	}
	return 0, err
}
