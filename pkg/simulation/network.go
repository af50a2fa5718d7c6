package simulation

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

// socket is one end of a connection, or a listener.
//
// Invariants: peer ≠ nil ⇔ it is or was connected; err is what SO_ERROR would return;
// dead ⇒ nothing is sent or received any more.
type socket struct {
	local, remote unix.Sockaddr
	backlog       int       // > 0: it listens
	waiting       []*socket // connected, not yet accepted
	err           error
	peer          *socket
	open, dead    bool

	arrived   []byte
	ended     bool          // the peer's end has arrived
	travel    int           // bytes on their way to the peer, or unread there
	last      time.Duration // when the newest of them arrives
	noMoreOut bool          // the end of this side is sent
}

// possible returns what a truthful select reports for fd.
func (w *World) possible(fd int) (e selector.Events) {
	s := w.sockets[fd]
	switch {
	case s == nil:
	case s.backlog > 0:
		if len(s.waiting) > 0 {
			e = selector.Read
		}
	case s.dead || s.err != nil:
		e = selector.Read | selector.Write
	case s.peer != nil:
		if len(s.arrived) > 0 || s.ended {
			e = selector.Read
		}
		if s.travel < w.weather.Buffer || s.noMoreOut {
			e |= selector.Write
		}
	}
	return e
}

// assign gives s the lowest free descriptor, as POSIX requires: a number that was closed
// a moment ago belongs to another socket at once.
func (w *World) assign(s *socket) int {
	fd := 3
	for w.sockets[fd] != nil {
		fd++
	}
	w.sockets[fd] = s
	return fd
}

// giveAddress gives s an address of its own, unless it has one.
func (w *World) giveAddress(s *socket) {
	if s.local == nil {
		w.lastPort++
		s.local = &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: w.lastPort}
	}
}

// startConnect sends the SYN.
func (w *World) startConnect(s *socket, to unix.Sockaddr) {
	w.giveAddress(s)
	s.remote = to
	w.later(0, func() {
		l := w.listener[addressText(to)]
		if l == nil || !l.open || len(l.waiting) >= l.backlog {
			w.note("%s refused", addressText(to))
			w.later(0, func() { s.err, s.dead = unix.ECONNREFUSED, true })
			return
		}
		other := &socket{local: l.local, remote: s.local, peer: s, open: true}
		l.waiting = append(l.waiting, other)
		other.last = w.later(0, func() { w.connected(s, other) }) // what it sends comes after that
	})
}

func (w *World) connected(s, other *socket) {
	w.note("%s connected to %s", addressText(s.local), addressText(s.remote))
	s.peer = other
	if !s.open {
		w.reset(other)
		return
	}
	if w.chance(w.weather.Reset) {
		end := w.now + time.Duration(w.random.Int64N(int64(20*w.weather.Delay)))
		w.later(end, func() { w.reset(s); w.reset(other) })
	}
}

// transmit makes data arrive at the peer, after what was sent before.
func (w *World) transmit(s *socket, data []byte) {
	s.travel += len(data)
	s.last = w.later(s.last, func() { w.arrive(s, data) })
}

func (w *World) arrive(from *socket, data []byte) {
	to := from.peer
	if to.dead || from.dead {
		return
	}
	if !to.open { // its program has closed it
		w.later(0, func() { w.reset(from) })
		return
	}
	w.note("%d bytes arrive at %s", len(data), addressText(to.local))
	to.arrived = append(to.arrived, data...)
}

// sendEnd sends the end of s's side, once.
func (w *World) sendEnd(s *socket) {
	if s.noMoreOut || s.peer == nil {
		return
	}
	s.noMoreOut = true
	s.last = w.later(s.last, func() { s.peer.ended = true })
}

// reset is what an RST does to the socket that gets it. Data that has arrived and wasn't
// read may be lost or not: kernels differ.
func (w *World) reset(s *socket) {
	if s.dead || !s.open {
		return
	}
	w.note("%s is reset", addressText(s.local))
	s.dead, s.err = true, unix.ECONNRESET
	if w.chance(0.5) {
		s.arrived = nil
	}
}

// release closes s: in order, or by a reset if it holds data that was never read.
func (w *World) release(s *socket) {
	s.open = false
	if s.backlog > 0 {
		delete(w.listener, addressText(s.local))
		for _, c := range s.waiting {
			w.release(c)
		}
		return
	}
	switch {
	case s.peer == nil || s.dead:
	case len(s.arrived) > 0:
		w.later(s.last, func() { w.reset(s.peer) })
	default:
		w.sendEnd(s)
	}
}

// addressText returns the address as text.
func addressText(sa unix.Sockaddr) string {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return fmt.Sprintf("%d.%d.%d.%d:%d", a.Addr[0], a.Addr[1], a.Addr[2], a.Addr[3], a.Port)
	case *unix.SockaddrInet6:
		return fmt.Sprintf("[%x]:%d", a.Addr, a.Port)
	case *unix.SockaddrUnix:
		return a.Name
	}
	return "nowhere"
}

// stream returns the socket that recv and send are about.
func (w *World) stream(fd int) (*socket, error) {
	s := w.sockets[fd]
	if s == nil {
		return nil, unix.EBADF
	}
	if err := w.enter(); err != nil {
		return nil, err
	}
	if s.peer == nil && !s.dead {
		return nil, unix.ENOTCONN
	}
	return s, nil
}

// upTo returns n, or less if the weather says so.
func (w *World) upTo(n int) int {
	if n > 1 && w.chance(w.weather.Partial) {
		return 1 + w.random.IntN(n)
	}
	return n
}

// takeError returns the pending error, once.
func (s *socket) takeError() error {
	err := s.err
	s.err = nil
	return err
}
