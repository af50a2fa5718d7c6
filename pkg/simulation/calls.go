package simulation

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"

	"stepwise/pkg/sys"
)

// calls returns this World's table of system calls. Each entry answers as the kernel
// would, with a bare errno, except where it says that a World is no kernel.
func (w *World) calls() sys.Calls {
	return sys.Calls{
		Socket:         w.socket,
		SocketDatagram: func(int) (int, error) { return -1, impossible("datagrams", unix.EPROTONOSUPPORT) },
		Connect:        w.connect,
		SocketError:    w.socketError,
		SetOption:      w.setOption,
		SetLinger:      w.setLinger,
		LocalName:      w.localName,
		PeerName:       w.peerName,
		Bind:           w.bind,
		Listen:         w.listen,
		Accept:         w.accept,
		Recv:           w.recv,
		Peek:           w.peek,
		Send:           w.send,
		SendFile:       w.sendFile,
		Shutdown:       w.shutdown,
		Close:          w.close,
	}
}

func (w *World) known(fd int) error {
	if w.sockets[fd] == nil {
		return unix.EBADF
	}
	return nil
}

func (w *World) socket(family int) (int, error) {
	if family == unix.AF_UNIX {
		return -1, impossible("unix sockets, whose paths are real files", unix.EAFNOSUPPORT)
	}
	if w.chance(w.weather.NoSocket) {
		w.note("no descriptor left for a socket")
		return -1, unix.EMFILE
	}
	return w.assign(&socket{family: family, open: true}), nil
}

func (w *World) setOption(fd, level, option, _ int) error {
	if level == unix.SOL_SOCKET && option == unix.SO_REUSEPORT {
		return impossible("listeners that share an address, each on a loop of its own", nil)
	}
	return w.known(fd)
}

func (w *World) connect(fd int, sa unix.Sockaddr) error {
	s := w.sockets[fd]
	switch {
	case s == nil:
		return unix.EBADF
	case s.peer != nil:
		return unix.EISCONN
	case s.dialed:
		return unix.EALREADY
	}
	to := somewhere(addrPort(sa))
	if !w.knows(to.Addr()) && w.find(to) == nil {
		w.note("%v is outside", to)
		return fmt.Errorf("%w: %v is not in this World: listen there first, or name it with World.Host", unix.EHOSTUNREACH, to.Addr())
	}
	interrupted := w.enter()
	w.startConnect(s, to)
	if interrupted != nil {
		return interrupted // the connecting goes on all the same
	}
	return unix.EINPROGRESS
}

func (w *World) socketError(fd int) error {
	s := w.sockets[fd]
	if s == nil {
		return unix.EBADF
	}
	return s.takeError()
}

func (w *World) setLinger(fd int, l unix.Linger) error {
	s := w.sockets[fd]
	if s == nil {
		return unix.EBADF
	}
	s.aborts = l.Onoff != 0 && l.Linger == 0
	return nil
}

func (w *World) localName(fd int) (unix.Sockaddr, error) {
	if err := w.known(fd); err != nil {
		return nil, err
	}
	w.giveAddress(w.sockets[fd])
	return sockaddr(w.sockets[fd].local), nil
}

func (w *World) peerName(fd int) (unix.Sockaddr, error) {
	s := w.sockets[fd]
	switch {
	case s == nil:
		return nil, unix.EBADF
	case s.peer == nil || s.dead:
		return nil, unix.ENOTCONN
	}
	return sockaddr(s.remote), nil
}

func (w *World) bind(fd int, sa unix.Sockaddr) error {
	s := w.sockets[fd]
	if s == nil {
		return unix.EBADF
	}
	a := addrPort(sa)
	if a.Port() == 0 {
		a = netip.AddrPortFrom(a.Addr(), w.freePort())
	} else if w.taken(a) {
		return unix.EADDRINUSE
	}
	s.local = a
	w.hosts[a.Addr()] = true
	return nil
}

func (w *World) listen(fd, backlog int) error {
	s := w.sockets[fd]
	if s == nil {
		return unix.EBADF
	}
	w.giveAddress(s)
	if s.backlog == 0 && w.taken(s.local) {
		return unix.EADDRINUSE
	}
	s.backlog = max(1, backlog)
	w.listener[s.local] = s
	return nil
}

func (w *World) accept(fd int) (int, unix.Sockaddr, error) {
	s := w.sockets[fd]
	switch {
	case s == nil:
		return -1, nil, unix.EBADF
	case s.backlog == 0:
		return -1, nil, unix.EINVAL
	}
	if err := w.enter(); err != nil {
		return -1, nil, err
	}
	if len(s.waiting) == 0 {
		return -1, nil, unix.EAGAIN
	}
	if w.chance(w.weather.Exhausted) {
		w.note("no descriptor left for a connection")
		return -1, nil, unix.EMFILE
	}
	c := s.waiting[0]
	s.waiting = s.waiting[1:]
	return w.assign(c), sockaddr(c.remote), nil
}

func (w *World) recv(fd int, p []byte) (int, error) {
	s, err := w.stream(fd)
	if err != nil {
		return 0, err
	}
	if len(s.arrived) == 0 {
		switch err := s.takeError(); {
		case err != nil:
			return 0, err
		case s.ended || s.dead:
			return 0, nil
		}
		return 0, unix.EAGAIN
	}
	n := w.upTo(min(len(p), len(s.arrived)))
	copy(p, s.arrived[:n])
	s.arrived = s.arrived[n:]
	s.peer.travel -= n
	return n, nil
}

func (w *World) peek(fd int) (int, error) {
	s, err := w.stream(fd)
	switch {
	case err != nil:
		return 0, err
	case len(s.arrived) == 0 && s.err == nil && !s.ended && !s.dead:
		return 0, unix.EAGAIN
	}
	return min(1, len(s.arrived)), nil
}

func (w *World) send(fd int, p []byte) (int, error) {
	s, err := w.stream(fd)
	if err != nil {
		return 0, err
	}
	if err := s.takeError(); err != nil {
		return 0, err
	}
	switch {
	case s.dead || s.noMoreOut:
		return 0, unix.EPIPE
	case s.travel >= w.weather.Buffer:
		return 0, unix.EAGAIN
	}
	n := w.upTo(min(len(p), w.weather.Buffer-s.travel))
	w.transmit(s, append([]byte(nil), p[:n]...))
	return n, nil
}

// sendFile is refused: the kernel would read a real file, which a World doesn't know. The
// caller then reads the file and sends its bytes.
func (w *World) sendFile(fd, _ int, _ int64, _ int) (int, error) {
	if _, err := w.stream(fd); err != nil {
		return 0, err
	}
	return 0, unix.ENOSYS
}

func (w *World) shutdown(fd, how int) error {
	s := w.sockets[fd]
	switch {
	case s == nil:
		return unix.EBADF
	case s.peer == nil || s.dead:
		return unix.ENOTCONN
	}
	if how != unix.SHUT_RD {
		w.sendEnd(s)
	}
	return nil
}

func (w *World) close(fd int) error {
	s := w.sockets[fd]
	if s == nil {
		w.note("fd %d is closed twice", fd)
		return unix.EBADF
	}
	delete(w.sockets, fd)
	w.release(s)
	return nil
}
