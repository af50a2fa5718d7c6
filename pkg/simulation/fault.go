package simulation

// The script: what happens at a time that the test chooses.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Fault is one line of a script: Refuse, Reset, Partition, Repair or Delay, and At. A host
// in it is an IP address or a name that Host gave; an address is a host and a port.
type Fault struct {
	when    time.Duration // since the World began
	text    string
	prepare func(*World) (func(), error) // what happens then, or what is wrong with the words
}

// String reads like "at 3s partition 10.0.0.2".
func (f Fault) String() string {
	if f.when == 0 {
		return f.text
	}
	return fmt.Sprintf("at %v %s", f.when, f.text)
}

// At makes f happen at a time since the World began, instead of at once.
func At(when time.Duration, f Fault) Fault {
	f.when = max(0, when)
	return f
}

// Refuse makes the next n connections to an address fail with ECONNREFUSED.
func Refuse(address string, n int) Fault {
	return Fault{text: "refuse the next " + count(n, "connection") + " to " + address, prepare: func(w *World) (func(), error) {
		to, err := w.address(address)
		if err == nil && n < 1 {
			err = errors.New("how many times? at least once")
		}
		return func() {
			for _, a := range to {
				w.faults.refuse[a] += n
			}
		}, err
	}}
}

// Reset makes a connection fail with ECONNRESET, on both sides, when n bytes have arrived on
// one side. What has arrived can still be read. The connection is the one that comes from
// address, a client's LocalAddr, or else the next that is made to address, not one that is
// open already.
func Reset(address string, n int) Fault {
	return Fault{text: "reset " + address + " after " + count(n, "byte"), prepare: func(w *World) (func(), error) {
		to, err := w.address(address)
		if err == nil && n < 0 {
			err = errors.New("fewer than 0 bytes")
		}
		return func() { w.cut(&limit{of: to, bytes: n}) }, err
	}}
}

// Partition cuts the network between each two of the hosts, both ways; a single host is cut
// off from all others. What is sent meanwhile arrives after a Repair, as TCP sends it again.
// To connect fails with ETIMEDOUT after 127 s.
func Partition(hosts ...string) Fault {
	return Fault{text: words("partition", hosts), prepare: func(w *World) (func(), error) {
		p, err := w.partition(hosts)
		if err == nil && len(hosts) == 0 {
			err = errors.New("no host is named")
		}
		return func() { w.faults.parts = append(w.faults.parts, p) }, err
	}}
}

// Repair undoes each Partition of the same hosts; without hosts, every Partition.
func Repair(hosts ...string) Fault {
	return Fault{text: words("repair", hosts), prepare: func(w *World) (func(), error) {
		p, err := w.partition(hosts)
		return func() {
			w.faults.parts = slices.DeleteFunc(w.faults.parts, func(other partition) bool {
				return len(hosts) == 0 || p.alone == other.alone && slices.Equal(p.hosts, other.hosts)
			})
			w.sendAgain()
		}, err
	}}
}

// Delay makes each packet from and to a host take d more, besides the Weather's Delay, until
// another Delay; 0 ends it.
func Delay(host string, d time.Duration) Fault {
	return Fault{text: fmt.Sprintf("delay %s by %v", host, d), prepare: func(w *World) (func(), error) {
		at, err := w.host(host)
		if err == nil && d < 0 {
			err = errors.New("a packet can't arrive before it was sent")
		}
		return func() {
			for _, a := range at {
				w.faults.delay[a] = d
			}
		}, err
	}}
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

func words(verb string, hosts []string) string {
	return strings.Join(append([]string{verb}, hosts...), " ")
}

// Script adds faults to the World, before Run or while it runs. A fault that isn't At a time
// happens now; those of one time happen in the order of the script. String lists them.
//
// A fault that makes no sense, such as one of a host without an address, panics, and so does
// a Script for a World whose loop has ended.
func (w *World) Script(faults ...Fault) {
	for _, f := range faults {
		if w.closed {
			panic(fmt.Errorf("simulation: %v: %w", f, ErrUsed))
		}
		if f.prepare == nil {
			panic(errors.New("simulation: a Fault is made by Refuse, Reset, Partition, Repair or Delay"))
		}
		do, err := f.prepare(w)
		if err != nil {
			panic(fmt.Errorf("simulation: %v: %w", f, err))
		}
		happen := func() {
			w.note("%s", f.text)
			do()
		}
		if f.when = max(f.when, w.now); f.when == w.now {
			happen()
		} else {
			w.at(f.when, happen)
		}
		w.script = append(w.script, f.String())
	}
}
