package sock

// How a Socket begins and ends. Read socket.go first.

import (
	"errors"
	"net"
	"strconv"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/site"
)

// open makes a socket. As in package net, Nagle's algorithm is off: a small message goes
// out when it is sent, not when the one before it was acknowledged; and keep-alive is on:
// otherwise a task that reads would wait forever for a peer that lost its power. What a
// listener accepts inherits both.
func open(l *loop.Loop, family int, remote net.Addr) (*Socket, error) {
	if l.Closed() {
		return nil, loop.ErrClosed
	}
	fd, err := l.Calls().Socket(family)
	if err != nil {
		return nil, err
	}
	s := newSocket(l, fd, remote)
	if family == unix.AF_UNIX {
		return s, nil
	}
	if err = s.SetNoDelay(true); err == nil {
		err = s.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true})
	}
	if err != nil {
		_ = s.Close()
		return nil, errors.Unwrap(err) // the caller says itself what was tried
	}
	return s, nil
}

func newSocket(l *loop.Loop, fd int, remote net.Addr) *Socket {
	s := &Socket{loop: l, fd: fd, remote: remote}
	s.read.event, s.write.event = selector.Read, selector.Write
	l.Site().Own((*owned)(s))
	if e := l.Site().Events(); e != nil {
		e.Opened(s, s)
	}
	return s
}

// FromFD makes a Socket of a stream socket that was opened elsewhere, and owns fd from
// then on. With an error, fd is still the caller's: ErrBlocking unless it is in
// non-blocking mode, ENOTSOCK, EBADF, loop.ErrClosed. In a World it is impossible.
func FromFD(l *loop.Loop, fd int) (*Socket, error) {
	fail := func(err error) (*Socket, error) {
		return nil, &net.OpError{Op: "fd " + strconv.Itoa(fd), Err: err}
	}
	if l == nil {
		return fail(loop.ErrNilLoop)
	}
	if l.Closed() {
		return fail(loop.ErrClosed)
	}
	if w := l.World(); w != nil {
		return fail(w.Impossible("a descriptor that was opened elsewhere"))
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	switch {
	case err != nil:
		return fail(err)
	case flags&unix.O_NONBLOCK == 0:
		return fail(ErrBlocking)
	}
	if _, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err != nil {
		return fail(err)
	}
	var remote net.Addr
	if sa, err := l.Calls().PeerName(fd); err == nil {
		remote = addr(sa)
	}
	return newSocket(l, fd, remote), nil
}

// Close releases the descriptor. Tasks that wait on s get net.ErrClosed, and so does a
// second Close.
func (s *Socket) Close() error {
	if e := s.loop.Site().Events(); e != nil {
		e.Closed(s)
	}
	return s.close()
}

func (s *Socket) close() error {
	if s.fd < 0 {
		return s.opError("close", net.ErrClosed)
	}
	// Unregister first: once closed, the number may belong to another file.
	for _, d := range []*side{&s.read, &s.write} {
		s.unwatch(d)
		d.stopTimer()
		d.endWait(net.ErrClosed)
	}
	s.loop.Site().Disown((*owned)(s))
	fd := s.fd
	s.fd = -1
	s.bound.remove()
	return s.opError("close", s.loop.Calls().Close(fd))
}

// endWait ends the wait of d with err, if there is one. The task that waits reads
// err: if it can't run any more, since the loop closes, nobody needs to be told.
func (d *side) endWait(err error) {
	if d.waits() {
		_ = d.waiter.SetError(err)
		_, _ = d.waiter.Result()
	}
}

// owned is the side of a Socket that only its loop sees.
type owned Socket

// Place is the Socket's among all that lives on its loop.
func (o *owned) Place() *site.Place { return &o.place }

var _ site.Placed = (*owned)(nil)

// Close silently closes a Socket that was still open when its loop closed: the task that
// used it was ended too.
func (o *owned) Close() error {
	if e := o.loop.Site().Events(); e != nil {
		e.Abandoned((*Socket)(o))
	}
	return (*Socket)(o).close()
}
