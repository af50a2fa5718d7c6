package simulation

// What the script has done to the network. Read fault.go first.

import (
	"maps"
	"net/netip"
	"slices"
	"time"
)

// faults is what the script has done to the network.
type faults struct {
	refuse map[netip.AddrPort]int       // how many more connections to it are refused
	delay  map[netip.Addr]time.Duration // how much longer its packets travel
	parts  []partition
	stuck  []*lane  // a mention for each packet that a Partition holds, in order
	limits []*limit // of connections that aren't made yet, in order
}

func newFaults() faults {
	return faults{refuse: map[netip.AddrPort]int{}, delay: map[netip.Addr]time.Duration{}}
}

// limit is how much a connection carries before it is reset.
type limit struct {
	of    []netip.AddrPort
	bytes int
}

// partition is a Partition: between each two of the hosts, or, if alone, between them and
// all others.
type partition struct {
	hosts []netip.Addr // in order
	alone bool
}

// partition is hosts as a script writes them.
func (w *World) partition(hosts []string) (p partition, err error) {
	p.alone = len(hosts) == 1
	for _, h := range hosts {
		at, err := w.host(h)
		if err != nil {
			return p, err
		}
		p.hosts = append(p.hosts, at...)
	}
	slices.SortFunc(p.hosts, netip.Addr.Compare)
	p.hosts = slices.Compact(p.hosts)
	return p, nil
}

// parted reports whether a partition is between two hosts.
func (f *faults) parted(a, b netip.Addr) bool {
	return a != b && slices.ContainsFunc(f.parts, func(p partition) bool {
		hasA, hasB := slices.Contains(p.hosts, a), slices.Contains(p.hosts, b)
		return hasA && hasB && !p.alone || hasA != hasB && p.alone
	})
}

// slower is how much longer a packet between two hosts travels.
func (f *faults) slower(a, b netip.Addr) time.Duration {
	if a == b {
		return f.delay[a]
	}
	return f.delay[a] + f.delay[b]
}

// refuses takes one of the refusals of an address, if it has any.
func (f *faults) refuses(a netip.AddrPort) bool {
	if f.refuse[a] == 0 {
		return false
	}
	f.refuse[a]--
	return true
}

// limitOf takes the first limit of an address; nil if it has none.
func (f *faults) limitOf(a netip.AddrPort) *limit {
	i := slices.IndexFunc(f.limits, func(l *limit) bool { return slices.Contains(l.of, a) })
	if i < 0 {
		return nil
	}
	l := f.limits[i]
	f.limits = slices.Delete(f.limits, i, i+1)
	return l
}

// sendAgain sends what a Partition has held. Where another Partition is in force, it is held
// again.
func (w *World) sendAgain() {
	stuck := w.faults.stuck
	w.faults.stuck = nil
	for _, l := range stuck {
		w.at(w.now+w.packetTime(), func() { w.deliver(l) })
	}
}

// cut sets the limit of the connection that comes from its address, or of one to come.
func (w *World) cut(l *limit) {
	for _, fd := range slices.Sorted(maps.Keys(w.sockets)) {
		s := w.sockets[fd]
		if s.dialed && slices.Contains(l.of, s.local) {
			s.limit = l
			w.share(s)
			return
		}
	}
	w.faults.limits = append(w.faults.limits, l)
}

// share gives the other end of a connection the same limit, which may be reached already.
func (w *World) share(s *socket) {
	if s.peer == nil || s.limit == nil {
		return
	}
	s.peer.limit = s.limit
	if max(s.carried, s.peer.carried) >= s.limit.bytes {
		w.breakOff(s)
	}
}

// within is what may arrive of n more bytes that s has sent.
func (s *socket) within(n int) int {
	if s.limit == nil {
		return n
	}
	return min(n, max(0, s.limit.bytes-s.carried))
}

// breakOff resets both ends of a connection. What has arrived can be read.
func (w *World) breakOff(s *socket) {
	w.reset(s, false)
	w.reset(s.peer, false)
}
