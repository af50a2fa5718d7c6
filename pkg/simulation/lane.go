package simulation

import (
	"net/netip"
	"time"
)

// lane is one direction of a connection. What is sent on it arrives in that order, as TCP
// has it, whenever its packets travel.
//
// Invariant: for each packet there is one event that will deliver it, or one mention of the
// lane in faults.stuck.
type lane struct {
	from, to netip.Addr
	packets  []func()      // sent, and not yet arrived
	newest   time.Duration // when the last of them arrives at the earliest
	giveUp   func()        // ends the connecting; nil once connected
}

// post sends a packet, whose arrival is fn.
func (w *World) post(l *lane, fn func()) {
	l.packets = append(l.packets, fn)
	l.newest = max(l.newest, w.now+w.packetTime()+w.faults.slower(l.from, l.to))
	w.at(l.newest, func() { w.deliver(l) })
}

// synTimeout is how long Linux tries to connect: six times, each with twice the patience of
// the one before it. tcp_syn_retries in ip(7).
const synTimeout = 127 * time.Second

// deliver makes the next packet arrive, unless the network is partitioned. Then it waits, as
// TCP sends again what wasn't acknowledged.
func (w *World) deliver(l *lane) {
	if w.faults.parted(l.from, l.to) {
		w.faults.stuck = append(w.faults.stuck, l)
		if l.giveUp != nil {
			w.at(w.now+synTimeout, l.giveUp)
		}
		return
	}
	fn := l.packets[0]
	l.packets = l.packets[1:]
	fn()
}
