// Package simulation is a network, a clock and a kernel's whims, all decided by a seed.
//
// A whole program, client and server, runs on one loop in one goroutine, without any real
// socket. The seed decides how long each byte travels, how much a recv or send takes, in
// which order select reports, when it reports what isn't true, and which connection is
// reset. If a run fails, run it again with its seed: it fails in the same way.
//
// The idea is FoundationDB's (Zhou et al., SIGMOD 2021).
package simulation

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// Weather says what the network may do. Chances are from 0 (never) to 1 (always). On the
// zero value's network, packets take time, and nothing else happens.
type Weather struct {
	Delay     time.Duration // the longest that a packet travels; 0 means a millisecond
	Buffer    int           // the most bytes on their way in one direction; 0 means 64 KiB
	Partial   float64       // chance that a recv or send takes only a part
	Interrupt float64       // chance that a system call is interrupted: EINTR
	Spurious  float64       // chance, per descriptor and select, of a false wake-up
	Late      float64       // chance, per event, that select reports it a round later
	Reset     float64       // chance that a connection is reset at some time
	Exhausted float64       // chance that there is no descriptor left: EMFILE
}

// Rough is weather in which everything happens that a connection survives.
var Rough = Weather{Buffer: 4 << 10, Partial: 0.5, Interrupt: 0.05, Spurious: 0.05, Late: 0.2, Exhausted: 0.02}

// Stormy is Rough with connections that are reset.
var Stormy = Weather{Buffer: 4 << 10, Partial: 0.5, Interrupt: 0.05, Spurious: 0.05, Late: 0.2, Exhausted: 0.02, Reset: 0.3}

// World is one simulated network. It belongs to one loop and its goroutine.
//
// Invariants: now never goes back; nothing in events is due before now, except during
// runUntil; what happens depends only on the seed and the calls.
type World struct {
	seed    uint64
	weather Weather
	random  *rand.Rand
	now     time.Duration
	events  events // packets on their way, and whatever else will happen
	seq     uint64 // the order of events at one time

	sockets  map[int]*socket // the open ones, by descriptor
	listener map[string]*socket
	lastPort int

	fake     *selector.Fake
	interest map[int]selector.Ready // what is registered: FD, Events, Data
	log      []string
}

// New makes a World.
func New(seed uint64, weather Weather) *World {
	if weather.Delay <= 0 {
		weather.Delay = time.Millisecond
	}
	if weather.Buffer <= 0 {
		weather.Buffer = 64 << 10
	}
	w := &World{
		seed: seed, weather: weather, random: rand.New(rand.NewPCG(seed, 0)),
		sockets: map[int]*socket{}, listener: map[string]*socket{}, lastPort: 40_000,
		fake: selector.NewFake(), interest: map[int]selector.Ready{},
	}
	w.fake.Sleep = w.sleep
	return w
}

// Options returns what to make the one loop of this World with.
func (w *World) Options() loop.Options {
	calls := w.calls()
	return loop.Options{Selector: &whims{Selector: w.fake, w: w}, Clock: w, Calls: &calls}
}

// Now returns the simulated time. It advances while select sleeps, and by up to a
// microsecond with each system call.
func (w *World) Now() time.Duration { return w.now }

// Log returns what happened on the network, one event a line. Two runs with the same seed
// have the same log.
func (w *World) Log() []string { return w.log }

// Open returns how many descriptors are open: 0 after the loop's Close.
func (w *World) Open() int { return len(w.sockets) }

// String names the seed, for the message of a failing test.
func (w *World) String() string { return fmt.Sprintf("seed %d", w.seed) }

func (w *World) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%v ", w.now)+fmt.Sprintf(format, args...))
}

// chance returns true with probability p.
func (w *World) chance(p float64) bool { return p > 0 && w.random.Float64() < p }

// later makes fn happen after a packet's time, but not before notBefore, since TCP keeps
// the order in each direction. It returns the time.
func (w *World) later(notBefore time.Duration, fn func()) time.Duration {
	when := max(notBefore, w.now+1+time.Duration(w.random.Int64N(int64(w.weather.Delay))))
	w.seq++
	heap.Push(&w.events, event{when, w.seq, fn})
	return when
}

// runUntil makes what is due by then happen, in order.
func (w *World) runUntil(until time.Duration) {
	for len(w.events) > 0 && w.events[0].when <= until {
		e := heap.Pop(&w.events).(event)
		w.now = max(w.now, e.when)
		e.fn()
	}
	w.now = max(w.now, until)
}

// enter begins a system call, which takes a little time, and may be interrupted.
func (w *World) enter() error {
	w.runUntil(w.now + time.Duration(w.random.IntN(1000)))
	if w.chance(w.weather.Interrupt) {
		return unix.EINTR
	}
	return nil
}

// event is something that will happen.
type event struct {
	when time.Duration
	seq  uint64
	fn   func()
}

// events implements heap.Interface, the next one first.
type events []event

func (e events) Len() int      { return len(e) }
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e events) Less(i, j int) bool {
	if e[i].when != e[j].when {
		return e[i].when < e[j].when
	}
	return e[i].seq < e[j].seq
}
func (e *events) Push(v any) { *e = append(*e, v.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	v := (*e)[last]
	*e = (*e)[:last]
	return v
}

var (
	_ loop.Clock     = (*World)(nil)
	_ heap.Interface = (*events)(nil)
)
