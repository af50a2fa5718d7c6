// Package loop runs callbacks when there is a reason to.
//
// A Loop sleeps until a descriptor is ready, a timer is due or another goroutine
// calls, then runs the callbacks that waited for it, one after the other. Everything
// on a loop happens in the one goroutine that runs it. Other goroutines may call only
// the methods that say so: CallSoonThreadsafe, Stop, Hold, Interrupt and Site.
//
//	l, err := loop.New(loop.Options{})
//	if err != nil {
//		return err
//	}
//	defer l.Close()
//	l.CallLater(time.Second, func() {
//		fmt.Println("a second later")
//		l.Stop()
//	})
//	return l.Run()
package loop

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/site"
	"stepwise/pkg/sys"
)

// What a loop refuses.
var (
	ErrClosed      = errors.New("loop is closed")
	ErrRunning     = errors.New("loop is running")
	ErrBusy        = errors.New("somebody waits for that already")
	ErrNilCallback = errors.New("callback is nil")
	ErrNilLoop     = errors.New("loop is nil") // returned by what is built on a loop: sockets, signals, work outside

	// ErrDeadlock: nothing is ready, and nothing ever can be. There is no callback,
	// no timer (but in the background) and no descriptor, and nothing outside holds the
	// loop. The error itself is a *DeadlockError.
	ErrDeadlock = errors.New("nothing left to wait for")
)

// Options are the seams. A nil field stands for the real thing.
type Options struct {
	Selector selector.Selector // owned by the loop from New on, and closed with it
	Clock    Clock
	Calls    *sys.Calls  // the system calls that sockets on this loop make
	Without  sys.Trick   // what is not to be done for speed
	Probe    probe.Probe // watches the loop: a *trace.Recorder, debug mode, or probe.All of several
	World    World       // takes the place of what is outside the loop
	Labels   bool        // tell each task in a profile by its function: pprof's label "task"
}

// Clock tells the time since a moment of its own choosing. It should never go back; a
// loop survives it if it does.
type Clock interface{ Now() time.Duration }

// Loop is the engine's heart: asyncio's event loop. Three principles:
//
//  1. A round runs what is ready when its first callback begins. What a callback
//     schedules comes in the next round, so that descriptors and timers get their turn.
//  2. Callbacks run in one place, call, and nothing that a callback does ends the
//     loop, not even a panic.
//  3. Whatever lives on the loop is owned by it and doesn't outlive it.
//
// It must not learn of futures, tasks or sockets: they are built on it.
type Loop struct {
	selector selector.Selector
	keeper   selector.Keeper // selector, if it may keep the processor; else nil
	without  sys.Trick
	labels   bool
	clock    Clock
	calls    *sys.Calls
	world    World        // nil is the real one
	start    time.Time    // the date at the clock's 0
	site     *site.Site   // what lives here
	events   probe.Events // the site's: told what happens; nil if the loop is not watched

	rounds  uint64   // begun so far
	queued  uint64   // callbacks so far, counted only if the loop is watched
	ready   []handle // run in order; a round takes only what is here when its first callback begins
	spare   []handle // the array of the last round's ready, empty, for the next
	timers  timers
	watches map[int]*watch // by descriptor
	handler func(Exception)

	processors  int64 // that Go uses, when Run began
	running     atomic.Bool
	stopping    atomic.Bool
	interrupted atomic.Bool                             // set only while running; the end of a round resets it
	tell        atomic.Pointer[func(*InterruptedError)] // is told of the interrupt; may be nil
	holds       atomic.Int64                            // Hold and Expect
	workers     atomic.Int64                            // Hold alone

	mu      sync.Mutex // guards the four below; the loop's goroutine reads state without it
	outside []arrival  // from CallSoonThreadsafe, not yet in ready
	asleep  bool       // select may be sleeping, so news must wake it
	woken   bool       // select was woken, and has not returned since; only while asleep
	state   state
}

type state uint8

const (
	open    state = iota
	closing       // Close is ending what lives here; what that schedules is dropped
	closed
)

// New makes a loop. The error is the selector's, such as EMFILE.
func New(o Options) (*Loop, error) {
	if o.Selector == nil {
		s, err := selector.New()
		if err != nil {
			return nil, fmt.Errorf("loop: %w", err)
		}
		o.Selector = s
	}
	if o.Clock == nil {
		o.Clock = monotonic{time.Now()}
	}
	if o.Calls == nil {
		o.Calls = &sys.Kernel
		if o.Without&sys.ShortCalls != 0 {
			o.Calls = &sys.Plain
		}
	}
	l := &Loop{selector: o.Selector, without: o.Without, labels: o.Labels, clock: o.Clock, calls: o.Calls, world: o.World, watches: map[int]*watch{}}
	l.start = time.Now().Add(-l.clock.Now())
	if l.Uses(sys.KeepProcessor) {
		l.keeper, _ = o.Selector.(selector.Keeper)
	}
	l.site = site.New(watched{l}, o.Probe)
	if l.events = l.site.Events(); l.events != nil {
		l.calls = sys.Told(o.Calls, l.events.System)
	}
	return l, nil
}

// watched is what a probe sees of a loop.
type watched struct{ *Loop }

func (w watched) Report(message string, err error) {
	w.CallExceptionHandler(Exception{message, err, nil})
}

// Site is the side of l that is seen by what lives on it. A program needs only its
// Enter and Note, which make code visible in a recording. Any goroutine may call it.
func (l *Loop) Site() *site.Site { return l.site }

var _ site.Host = (*Loop)(nil)

type monotonic struct{ start time.Time }

func (m monotonic) Now() time.Duration { return time.Since(m.start) }

// Now is the loop's time, by its clock: asyncio's loop.time().
func (l *Loop) Now() time.Duration { return l.clock.Now() }

// Rounds is how many rounds have begun. What select reports in a round is older than
// whatever that round's callbacks do. Only the loop's goroutine may call it.
func (l *Loop) Rounds() uint64 { return l.rounds }

// Uses reports whether t is done, and not switched off by Options.Without.
func (l *Loop) Uses(t sys.Trick) bool { return l.without&t == 0 }

// Labels reports whether the tasks of l have a label in profiles (Options.Labels).
func (l *Loop) Labels() bool { return l.labels }

// Calls is the table of the system calls that sockets on this loop make.
func (l *Loop) Calls() *sys.Calls { return l.calls }

// CallSoon runs fn in the next round, after everything that was scheduled before it:
// asyncio's call_soon. It panics with ErrNilCallback or, on a closed loop, ErrClosed.
// Only the loop's goroutine may call it.
func (l *Loop) CallSoon(fn func()) {
	if l.accepts("CallSoon", fn) {
		l.queue(handle{fn: fn}, probe.Soon, -1, l.tellScheduled(fn))
	}
}

// accepts panics on misuse, and returns false while the loop closes.
func (l *Loop) accepts(method string, fn func()) bool {
	if fn == nil || l.state != open {
		l.refuse(method, fn)
		return false
	}
	return true
}

func (l *Loop) refuse(method string, fn func()) {
	if fn == nil {
		panic(fmt.Errorf("loop: %s: %w", method, ErrNilCallback))
	}
	if l.state == closed {
		panic(fmt.Errorf("loop: %s: %w", method, ErrClosed))
	}
}

// CallSoonThreadsafe is CallSoon for other goroutines: it wakes the loop if it sleeps.
// Errors are ErrNilCallback, and ErrClosed if the loop is closed; in a World it is
// impossible. A loop that would otherwise be idle must be held (Hold) as long as a call may
// still come.
func (l *Loop) CallSoonThreadsafe(fn func()) error {
	if fn == nil {
		return fmt.Errorf("loop: CallSoonThreadsafe: %w", ErrNilCallback)
	}
	if l.world != nil {
		return fmt.Errorf("loop: %w", l.world.Impossible("CallSoonThreadsafe, a call from another goroutine; use CallSoon"))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state != open {
		return fmt.Errorf("loop: CallSoonThreadsafe: %w", ErrClosed)
	}
	l.outside = append(l.outside, arrival{fn, l.tellScheduled(fn)})
	return l.rouse()
}

// Hold says that work outside will call back, so that an idle loop sleeps instead of
// returning ErrDeadlock. Call release when no more calls will come; calling it again
// has no effect. In a World it is impossible, and Run returns that error at once. Any
// goroutine may call both.
func (l *Loop) Hold() (release func()) { return l.hold(1) }

// Expect is Hold for news that comes by itself, such as a signal: no goroutine works for
// it, and would need the processor that the loop sleeps on.
func (l *Loop) Expect() (release func()) { return l.hold(0) }

func (l *Loop) hold(workers int64) (release func()) {
	l.holds.Add(1)
	l.workers.Add(workers)
	var once sync.Once
	return func() {
		once.Do(func() {
			l.holds.Add(-1)
			l.workers.Add(-workers)
			l.wake()
		})
	}
}

// Stop makes Run return when the current round is over. On a loop that doesn't run, it
// makes the next Run return after one round. Any goroutine may call it.
func (l *Loop) Stop() {
	l.stopping.Store(true)
	l.wake()
}

func (l *Loop) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.rouse()
}

// rouse wakes select, once, if it sleeps. A loop that is awake looks for news before it
// sleeps: to wake it would only cut its next sleep short. mu is held.
func (l *Loop) rouse() error {
	if !l.asleep || l.woken {
		return nil
	}
	l.woken = true
	return l.selector.Wake()
}
