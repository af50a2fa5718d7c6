package simulation

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

// socket is one end of a connection, or a listener.
//
// Invariants: peer ≠ nil ⇔ it is or was connected; err is what SO_ERROR would return;
// dead ⇒ nothing is sent or received any more; both ends have the same limit.
type socket struct {
	family        int
	local, remote netip.AddrPort
	backlog       int       // > 0: it listens
	waiting       []*socket // connected, not yet accepted
	err           error
	peer          *socket
	dialed        bool // it asked for the connection
	open, dead    bool
	aborts        bool // its close is a reset

	arrived   []byte
	ended     bool   // the peer's end has arrived
	out       lane   // to the peer
	travel    int    // bytes on their way to the peer, or unread there
	carried   int    // bytes that have arrived there
	limit     *limit // how many of them may, before the connection is reset; nil for all
	noMoreOut bool   // the end of this side is sent
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

// startConnect sends the SYN.
func (w *World) startConnect(s *socket, to netip.AddrPort) {
	w.giveAddress(s)
	s.local, s.remote, s.dialed = somewhere(s.local), to, true
	s.out = lane{from: s.local.Addr(), to: to.Addr(), giveUp: func() { w.fail(s, unix.ETIMEDOUT) }}
	w.post(&s.out, func() { w.asked(s) })
}

// asked runs where s's SYN arrives: it is refused, or answered.
func (w *World) asked(s *socket) {
	if s.dead {
		return // it came after the timeout
	}
	to, l := s.remote, w.find(s.remote)
	answer := lane{from: to.Addr(), to: s.local.Addr(), giveUp: s.out.giveUp}
	if w.faults.refuses(to) || l == nil || len(l.waiting) >= l.backlog {
		w.note("%v refused", to)
		w.post(&answer, func() { w.fail(s, unix.ECONNREFUSED) })
		return
	}
	other := &socket{family: s.family, local: to, remote: s.local, peer: s, open: true, out: answer}
	w.post(&other.out, func() { w.connected(s, other, l) })
}

// fail ends the connecting of s, unless it has ended already.
func (w *World) fail(s *socket, errno unix.Errno) {
	if s.peer == nil && !s.dead {
		w.note("%v to %v: %v", s.local, s.remote, errno)
		s.err, s.dead = errno, true
	}
}

// connected runs where the answer arrives. other can be accepted one packet later.
func (w *World) connected(s, other, l *socket) {
	if !s.open || s.dead { // closed, or timed out
		return
	}
	w.note("%v connected to %v", s.local, s.remote)
	s.peer = other
	s.out.giveUp, other.out.giveUp = nil, nil
	w.post(&s.out, func() { w.queue(other, l) })
	if s.limit == nil {
		s.limit = w.faults.limitOf(s.remote)
	}
	w.share(s)
	if w.chance(w.weather.Reset) {
		end := w.now + time.Duration(w.random.Int64N(int64(20*w.weather.Delay)))
		w.at(max(end, w.now+w.packetTime()), func() { w.reset(s, true); w.reset(other, true) })
	}
}

// queue makes other wait to be accepted from l, unless l was closed meanwhile.
func (w *World) queue(other, l *socket) {
	if l.open {
		l.waiting = append(l.waiting, other)
		return
	}
	other.open = false
	w.post(&other.out, func() { w.reset(other.peer, true) })
}

// transmit makes data arrive at the peer, after what was sent before.
func (w *World) transmit(s *socket, data []byte) {
	s.travel += len(data)
	w.post(&s.out, func() { w.arrive(s, data) })
}

func (w *World) arrive(from *socket, data []byte) {
	to := from.peer
	if to.dead || from.dead {
		return
	}
	if !to.open { // its program has closed it
		w.post(&to.out, func() { w.reset(from, true) })
		return
	}
	data = data[:from.within(len(data))]
	from.carried += len(data)
	w.note("%d bytes arrive at %v", len(data), to.local)
	to.arrived = append(to.arrived, data...)
	w.share(from)
}

// sendEnd sends the end of s's side, once.
func (w *World) sendEnd(s *socket) {
	if s.noMoreOut || s.peer == nil {
		return
	}
	s.noMoreOut = true
	w.post(&s.out, func() { s.peer.ended = true })
}

// reset is what an RST does to the socket that gets it. Data that has arrived and wasn't
// read may be lost, if lossy: kernels differ.
func (w *World) reset(s *socket, lossy bool) {
	if s.dead || !s.open {
		return
	}
	w.note("%v is reset", s.local)
	s.dead, s.err = true, unix.ECONNRESET
	if lossy && w.chance(0.5) {
		s.arrived = nil
	}
}

// release closes s: in order, or by a reset if it holds data that was never read, or was
// told to.
func (w *World) release(s *socket) {
	s.open = false
	if s.backlog > 0 {
		delete(w.listener, s.local)
		for _, c := range s.waiting {
			w.release(c)
		}
		return
	}
	switch {
	case s.peer == nil || s.dead:
	case len(s.arrived) > 0 || s.aborts:
		w.post(&s.out, func() { w.reset(s.peer, true) })
	default:
		w.sendEnd(s)
	}
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
