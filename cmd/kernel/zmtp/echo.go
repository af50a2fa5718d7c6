package zmtp

import "net"

// An Echo returns every message to the peer that sent it.
type Echo struct{ *hub }

// NewEcho makes an Echo of a listener. log gets what goes wrong with connections, at
// a bounded rate.
func NewEcho(listener net.Listener, limits Limits, log func(format string, arguments ...any)) *Echo {
	s := new(Echo)
	s.hub = newHub("REP", []string{"REQ", "DEALER"}, listener, limits, log)
	s.hub.read = s.read
	return s
}

// read echoes until the peer ends. The next message waits until the peer has taken
// the one before.
func (s *Echo) read(p *peer) error {
	for {
		frames, err := p.receive(s.limits.Signal)
		if err != nil {
			return err
		}
		p.active.Store(true)
		p.out.put(encode(frames))
		for {
			empty, changed := p.out.emptied()
			if empty {
				break
			}
			<-changed
		}
	}
}
