package main

// Completions: the kernel accepts, receives and sends, and a single system call a turn
// passes on all that. Accept and receive are multishot, and the kernel chooses the buffers.
// What a shape adds is who sends back what was received.

import (
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The upper half of a submission's user data; the lower is the descriptor.
const (
	accepts uint64 = (iota + 1) << 32
	receives
	sends
)

type server struct {
	*ring
	*buffers
	listener int
	begin    func(*conn) // a connection has come; sets its changed
	conns    []*conn     // by descriptor
	starved  []*conn     // whose receive found no buffer
}

type conn struct {
	fd       int32
	received []part // not yet taken
	rest     []byte // being sent; it must not move, so it is never on a stack
	ended    bool   // nothing more will be received
	changed  func() // something was received, or rest is sent, or it has ended
}

// part is what one receive has put into a buffer.
type part struct {
	buffer uint16
	bytes  uint32
}

func newServer(address string, begin func(*conn)) (*server, error) {
	listener, err := listen(address)
	if err != nil {
		return nil, err
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	b, err := newBuffers(r)
	if err != nil {
		return nil, err
	}
	s := &server{ring: r, buffers: b, listener: listener, begin: begin, conns: make([]*conn, 1<<16)}
	s.accept()
	return s, nil
}

// listen returns a descriptor that Go's own poller doesn't watch.
func listen(address string) (int, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return -1, err
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		return -1, err
	}
	defer f.Close()
	return unix.Dup(int(f.Fd()))
}

// turn waits for completions and takes them.
func (s *server) turn(timeout time.Duration, raw bool) error {
	s.publish()
	for _, c := range s.starved {
		s.receive(c)
	}
	s.starved = s.starved[:0]
	err := s.sleep(timeout, raw)
	s.each(s.take)
	return err
}

func (s *server) take(done completion) {
	fd := int32(done.user)
	switch done.user &^ 0xffffffff {
	case accepts:
		if done.result >= 0 {
			s.connected(done.result)
		}
		if done.flags&more == 0 {
			s.accept()
		}
	case receives:
		s.received(s.conns[fd], done)
	case sends:
		s.sent(s.conns[fd], done.result)
	}
}

func (s *server) accept() {
	s.submit(submission{op: opAccept, prio: multishot, fd: int32(s.listener), opFlags: unix.SOCK_CLOEXEC, user: accepts})
}

func (s *server) connected(fd int32) {
	_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	c := &conn{fd: fd}
	s.conns[fd] = c
	s.receive(c)
	s.begin(c)
}

func (s *server) receive(c *conn) {
	s.submit(submission{op: opReceive, flags: selectBuffer, prio: multishotReceive, fd: c.fd, user: receives | uint64(c.fd)})
}

func (s *server) received(c *conn, done completion) {
	switch {
	case done.result == -int32(unix.ENOBUFS):
		s.starved = append(s.starved, c)
		return
	case done.result <= 0:
		c.ended = true
	default:
		c.received = append(c.received, part{uint16(done.flags >> 16), uint32(done.result)})
		if done.flags&more == 0 {
			s.receive(c)
		}
	}
	c.changed()
}

// send sends all of data, which must stay as it is until c.rest is empty.
func (s *server) send(c *conn, data []byte) {
	c.rest = data
	s.submit(submission{op: opSend, fd: c.fd, opFlags: unix.MSG_NOSIGNAL, addr: uint64(uintptr(unsafe.Pointer(&data[0]))), len: uint32(len(data)), user: sends | uint64(c.fd)})
}

func (s *server) sent(c *conn, n int32) {
	if c.rest = c.rest[max(0, n):]; n < 0 {
		c.rest = nil
	}
	if len(c.rest) > 0 {
		s.send(c, c.rest)
		return
	}
	c.changed()
}

// drop forgets the first part that was received.
func (s *server) drop(c *conn) {
	s.give(c.received[0].buffer)
	c.received = append(c.received[:0], c.received[1:]...)
}

// close is for a connection that has ended: the kernel has nothing more to do with it.
func (s *server) close(c *conn) error {
	s.conns[c.fd] = nil
	return unix.Close(int(c.fd))
}
