// Package simulation is a network, a clock and a kernel's whims, all decided by a seed.
//
// Use it to test how a program deals with what a network does once a year: connections
// that are refused or reset, answers that stop in the middle, hosts that can't be reached,
// timeouts of an hour. The whole program, clients and servers, runs on one loop in one
// goroutine, in no real time. What happens depends on the seed, the Weather and the script
// alone: if a run fails, its error names the seed and the script, and the same seed and
// script make it fail again in the same way.
//
//	w := simulation.New(seed, simulation.Rough)
//	w.Script(simulation.At(3*time.Second, simulation.Partition("10.0.0.2")))
//	err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
//		… // listen, connect, sleep: all that package sock and task do
//	})
//
// The Weather is what happens at random. A script of Faults is what happens at a time that
// you choose.
//
// # What is simulated
//
// Stream sockets over IPv4 and IPv6, as [stepwise/pkg/sock] uses them: partial reads and
// writes, buffers that fill, interrupted calls, half-closed and reset connections, false and
// late reports of the selector, EMFILE. A host is an IP address. It is in the World once
// something has listened there, Host has named it, or a Fault has; the loopback always is.
// A connection comes from 127.0.0.1, or ::1 if it goes to an IPv6 address, unless
// sock.ConnectFrom says otherwise. A host always reaches itself.
//
// There is one clock. It begins at the start of the year 2000, and moves while every task
// waits. Sleep, timeouts and deadlines follow it. A deadline of a net.Conn is made from
// Loop.Time, not from time.Now.
//
// Names are looked up in the World (Host); outside.Dial and package fetch work.
//
// # What is impossible
//
// Whatever comes from outside, for it can't be repeated: outside.Run and Notify, Loop.Hold
// and CallSoonThreadsafe, a fetch with a Context that can end, descriptors that were opened
// elsewhere, and deadlines made from time.Now. The error is ErrImpossible. So it is for what
// isn't simulated: datagrams, unix sockets, and listeners that share an address. Addresses
// of the real network are not reachable either.
//
// The World doesn't notice when a program starts goroutines, calls time.Now, uses package
// net, ranges over a map, or draws random numbers. Each of these can make two runs of one
// seed differ. crypto/tls works if its Config.Time is Loop.Time; but its random numbers are
// its own, and when it closes it makes a deadline from time.Now, so it closes without one.
//
// Two more things differ from a real network. A connection survives a partition of any
// length (only connecting is given up, after 127 s). And a full backlog refuses.
//
// The idea is FoundationDB's (Zhou et al., SIGMOD 2021); the words of the script are those
// of Jepsen and turmoil.
package simulation

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

var (
	// ErrImpossible: a World has nothing outside, and no goroutine or clock but its own.
	ErrImpossible = errors.New("impossible in a World")
	// ErrUsed: a World is for one loop, from its beginning to its end.
	ErrUsed = errors.New("this World has had its loop: make another with New")
)

// World is one simulated network. It belongs to one loop and its goroutine.
//
// Invariants: now never goes back; nothing in events is due before now, except during
// runUntil; what happens depends only on the seed, the script and the calls.
type World struct {
	seed    uint64
	weather Weather
	script  []string // what Script was told, for String
	random  *rand.Rand
	now     time.Duration
	events  events // packets on their way, and whatever else will happen
	seq     uint64 // the order of events at one time
	used    bool   // its loop was made
	closed  bool   // its loop has ended

	sockets  map[int]*socket // the open ones, by descriptor
	listener map[netip.AddrPort]*socket
	lastPort uint16
	hosts    map[netip.Addr]bool
	names    map[string][]netip.Addr
	faults   faults

	fake     *selector.Fake
	interest map[int]selector.Ready // what is registered: FD, Events, Data
	log      []string

	wrong, interrupted bool // the last select, the last system call was: the next one isn't
}

// New makes a World. The same seed makes the same World again.
func New(seed uint64, weather Weather) *World {
	if weather.Delay <= 0 {
		weather.Delay = time.Millisecond
	}
	if weather.Buffer <= 0 {
		weather.Buffer = 64 << 10
	}
	w := &World{
		seed: seed, weather: weather, random: rand.New(rand.NewPCG(seed, 0)),
		sockets: map[int]*socket{}, listener: map[netip.AddrPort]*socket{},
		hosts: map[netip.Addr]bool{}, names: map[string][]netip.Addr{"localhost": {here4}}, faults: newFaults(),
		fake: selector.NewFake(), interest: map[int]selector.Ready{},
	}
	w.fake.Sleep = w.sleep
	return w
}

// Run makes the World's loop, runs program as a task on it, and closes it: what program has
// spawned, and not awaited, ends then. Run returns the error of program together with the
// seed and the script: "seed 7: …". A panic in any task is an error too, and whatever else
// is reported to the loop's exception handler stands in the Log.
//
// A World can run once: the second time the error is ErrUsed. If nothing can ever happen
// any more, it is loop.ErrDeadlock.
func (w *World) Run(program func(yield coro.Yield, l *loop.Loop) error) error {
	if w.used {
		return fmt.Errorf("%v: %w", w, ErrUsed)
	}
	l, err := loop.New(w.Options())
	if err != nil {
		return fmt.Errorf("%v: %w", w, err)
	}
	var panics []error
	l.SetExceptionHandler(func(e loop.Exception) {
		if e.Stack != nil {
			panics = append(panics, errors.New(e.String()))
		}
		w.note("%s: %v", e.Message, e.Err)
	})
	_, err = task.Run(l, func(yield coro.Yield) (any, error) { return nil, program(yield, l) })
	if err = errors.Join(append([]error{err, l.Close()}, panics...)...); err != nil {
		return fmt.Errorf("%v: %w", w, err)
	}
	return nil
}

// Options returns what to make the World's loop with, for a program that wants to add a
// Probe, or makes its loop itself. There is one loop in a World: calling Options again, or
// after Run, panics with ErrUsed.
func (w *World) Options() loop.Options {
	if w.used {
		panic(fmt.Errorf("simulation: Options: %w", ErrUsed))
	}
	w.used = true
	calls := w.calls()
	return loop.Options{Selector: &whims{Selector: w.fake, w: w}, Clock: w, Calls: &calls, World: outside{w}}
}

// outside is what the loop finds instead of the real world.
type outside struct{ w *World }

func (o outside) Time() time.Time {
	return time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).Add(o.w.now)
}
func (o outside) Lookup(host string) ([]netip.Addr, error) { return o.w.lookup(host) }
func (o outside) Impossible(what string) error             { return impossible(what, nil) }

// impossible refuses what. errno, unless it is nil, is what a kernel would say.
func impossible(what string, errno error) error {
	if errno == nil {
		return fmt.Errorf("%w: %s", ErrImpossible, what)
	}
	return fmt.Errorf("%w: %s (%w)", ErrImpossible, what, errno)
}

// Now returns the simulated time since the World began. It advances while select sleeps,
// and by up to a microsecond with each system call.
func (w *World) Now() time.Duration { return w.now }

// Log returns what happened on the network, one event a line. Two runs with the same seed
// and script have the same log.
func (w *World) Log() []string { return w.log }

// Open returns how many descriptors are open: 0 after the loop's Close.
func (w *World) Open() int { return len(w.sockets) }

// String names the seed and the script, for the message of a failing test.
func (w *World) String() string {
	return strings.Join(append([]string{fmt.Sprintf("seed %d", w.seed)}, w.script...), "; ")
}

func (w *World) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%v ", w.now)+fmt.Sprintf(format, args...))
}

var (
	_ loop.Clock = (*World)(nil)
	_ loop.World = outside{}
)
