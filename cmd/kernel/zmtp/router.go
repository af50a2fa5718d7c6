package zmtp

import (
	"crypto/rand"
	"fmt"
	"net"
	"slices"
)

// A Router receives messages and sends each to the peer that its first frame names.
// Its methods may be called from any goroutine.
type Router struct {
	*hub
	check    func(frames [][]byte) error
	messages chan [][]byte // unbuffered: a peer waits until its message is wanted
}

// NewRouter makes a Router of a listener. check sees every message first, without
// the peer's name, in that peer's goroutine. A peer is a stranger until check has
// returned nil for it: a stranger's error closes its connection, other peers lose
// the message alone. log gets these errors and whatever else goes wrong with
// connections, at a bounded rate.
func NewRouter(listener net.Listener, check func(frames [][]byte) error, limits Limits, log func(format string, arguments ...any)) *Router {
	s := &Router{check: check, messages: make(chan [][]byte)}
	s.hub = newHub("ROUTER", []string{"REQ", "DEALER", "ROUTER"}, listener, limits, log)
	s.hub.read = s.read
	return s
}

// Recv returns the next message that passed the check, with the peer's name before
// it. The only error is ErrClosed.
func (s *Router) Recv() ([][]byte, error) {
	select {
	case message := <-s.messages:
		return message, nil
	case <-s.done:
		return nil, ErrClosed
	}
}

// Send sends a message to the peer that frames[0] names; that frame stays here. If
// several peers have that name, those that are not strangers get it, or all of them if
// all are strangers: no peer can take another's place by taking its name. Send waits for a slow peer as Pub's
// does. The error is ErrClosed, ErrNoPeer, or ErrStalled if it was cut off.
func (s *Router) Send(frames [][]byte) error {
	select {
	case <-s.done:
		return ErrClosed
	default:
	}
	name := string(frames[0])
	to := s.named(name)
	if len(to) == 0 {
		return fmt.Errorf("sending to %q: %w", name, ErrNoPeer)
	}
	wire := encode(frames[1:])
	for _, p := range to {
		p.out.put(wire)
	}
	var failed error
	for _, p := range to {
		if err := p.out.room(); err != nil {
			p.end(err)
			failed = fmt.Errorf("sending to %q: %w", name, err)
		}
	}
	return failed
}

// named are the peers that a message to that name is for.
func (s *Router) named(name string) []*peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all, known []*peer
	for _, p := range s.peers {
		if p.name == name {
			all = append(all, p)
			if p.known.Load() {
				known = append(known, p)
			}
		}
	}
	if len(known) > 0 {
		return known
	}
	return all
}

// read takes messages until the peer ends.
func (s *Router) read(p *peer) error {
	for {
		most := s.limits.Stranger
		if p.known.Load() {
			most = s.limits.Friend
		}
		frames, err := p.receive(most)
		if err != nil {
			return err
		}
		if err := s.check(frames); err != nil {
			if !p.known.Load() {
				return fmt.Errorf("a message is refused: %w", err)
			}
			s.losses.printf("a message of %q is dropped: %v", p.name, err)
			continue
		}
		p.trust()
		select {
		case s.messages <- slices.Insert(frames, 0, []byte(p.name)):
		case <-s.done:
			return ErrClosed
		}
	}
}

// unnamed is a name for a peer that has none. No peer can choose one that begins
// with a zero (RFC 28).
func unnamed() string {
	return "\x00" + rand.Text()
}
