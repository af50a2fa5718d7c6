package zmtp

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"sync"
)

// A Pub sends messages to all peers that have subscribed to the beginning of their
// first frame. Its methods may be called from any goroutine.
type Pub struct {
	*hub
	mu      sync.Mutex // held while a message is put: all peers get all messages in the same order
	topics  map[*peer][]string
	missed  int // peers that were cut off, and have not come again
	welcome func(send func(frames [][]byte) error)
}

// NewPub makes a Pub of a listener. log gets what goes wrong with connections, at a
// bounded rate.
func NewPub(listener net.Listener, limits Limits, log func(format string, arguments ...any)) *Pub {
	s := &Pub{topics: make(map[*peer][]string)}
	s.hub = newHub("PUB", []string{"SUB", "XSUB"}, listener, limits, log)
	s.hub.read = s.read
	return s
}

// Welcome has peers greeted that may have missed something. A peer that was cut off and
// reads again connects anew, as libzmq does by itself, and doesn't say who it was. So as
// many of the next subscribers as peers were cut off count as those: welcome is called
// for each, and what it sends goes to that peer alone.
func (s *Pub) Welcome(welcome func(send func(frames [][]byte) error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.welcome = welcome
}

// Send publishes a message. It waits for slow subscribers, as DefaultLimits says,
// and closes the connections of those that take too little in the meantime. The only
// error is ErrClosed.
func (s *Pub) Send(frames [][]byte) error {
	return s.deliver(frames, (*outbox).room)
}

// Post publishes a message and waits for no peer.
func (s *Pub) Post(frames [][]byte) error {
	return s.deliver(frames, (*outbox).late)
}

func (s *Pub) deliver(frames [][]byte, judge func(*outbox) error) error {
	select {
	case <-s.done:
		return ErrClosed
	default:
	}
	for _, p := range s.put(frames) {
		if err := judge(p.out); err != nil {
			s.cut(p, err)
		}
	}
	return nil
}

// cut ends a peer that takes too little, and counts it: once, though several may have
// waited for it, and before it can come again.
func (s *Pub) cut(p *peer, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.end(err) {
		s.missed++
	}
}

// put puts a message into the outboxes of its subscribers, and returns them.
func (s *Pub) put(frames [][]byte) []*peer {
	wire := encode(frames)
	s.mu.Lock()
	defer s.mu.Unlock()
	var to []*peer
	for p, topics := range s.topics {
		if slices.ContainsFunc(topics, func(topic string) bool { return bytes.HasPrefix(frames[0], []byte(topic)) }) {
			p.out.put(wire)
			to = append(to, p)
		}
	}
	return to
}

// read takes subscriptions until the peer ends: commands in ZMTP 3.1, in 3.0
// messages that begin with 1, or with 0 to cancel.
func (s *Pub) read(p *peer) error {
	defer func() {
		s.mu.Lock()
		delete(s.topics, p)
		s.mu.Unlock()
	}()
	p.on = func(name string, topic []byte) error {
		switch name {
		case "SUBSCRIBE":
			return s.subscribe(p, string(topic))
		case "CANCEL":
			s.cancel(p, string(topic))
			return nil
		}
		return fmt.Errorf("%w: the command %q", ErrProtocol, name)
	}
	for {
		frames, err := p.receive(s.limits.Signal)
		if err != nil {
			return err
		}
		switch first := frames[0]; {
		case len(frames) == 1 && len(first) > 0 && first[0] == 1:
			err = s.subscribe(p, string(first[1:]))
		case len(frames) == 1 && len(first) > 0 && first[0] == 0:
			s.cancel(p, string(first[1:]))
		default:
			err = fmt.Errorf("%w: a subscriber sends %d frames that are no subscription", ErrProtocol, len(frames))
		}
		if err != nil {
			return err
		}
	}
}

func (s *Pub) subscribe(p *peer, topic string) error {
	welcome, err := s.note(p, topic)
	if welcome != nil {
		welcome(func(frames [][]byte) error {
			p.out.put(encode(frames))
			return nil
		})
	}
	return err
}

// note notes a subscription. It returns welcome if p may have missed something.
func (s *Pub) note(p *peer, topic string) (welcome func(func([][]byte) error), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missed > 0 && s.topics[p] == nil {
		s.missed--
		welcome = s.welcome
	}
	if slices.Contains(s.topics[p], topic) {
		return welcome, nil
	}
	if len(s.topics[p]) == s.limits.Topics {
		return nil, fmt.Errorf("%w: more than %d subscriptions", ErrLimit, s.limits.Topics)
	}
	s.topics[p] = append(s.topics[p], topic)
	p.active.Store(true)
	return welcome, nil
}

func (s *Pub) cancel(p *peer, topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.topics[p] = slices.DeleteFunc(s.topics[p], func(one string) bool { return one == topic })
}
