package loop

import (
	"net/netip"
	"time"
)

// World takes the place of what is outside a loop: package simulation's, which can run
// again in the same way. Nothing real can reach a loop that has a World: what another
// goroutine does, and when, can't be repeated.
type World interface {
	// Time is the date by the world's clock.
	Time() time.Time
	// Lookup returns the addresses of host.
	Lookup(host string) ([]netip.Addr, error)
	// Impossible is the error of what only the real world can do.
	Impossible(what string) error
}

// World is what takes the place of the real world; nil if nothing does.
func (l *Loop) World() World { return l.world }

// Time is the date by the loop's clock: time.Now, unless the loop has a Clock or a World
// of its own. Make deadlines from it, and a program runs on any clock. Only the loop's
// goroutine may call it.
func (l *Loop) Time() time.Time {
	if l.world != nil {
		return l.world.Time()
	}
	if _, ok := l.clock.(monotonic); ok {
		return time.Now() // not start and what has passed: the system's date may have been set
	}
	return l.start.Add(l.clock.Now())
}

// Until is the time from now to t, by the loop's clock; it is negative if t has passed. In
// a World, a t that comes from time.Now is impossible: the two clocks have nothing in
// common. Only the loop's goroutine may call it.
func (l *Loop) Until(t time.Time) (time.Duration, error) {
	if l.world != nil && t != t.Round(0) { // only time.Now gives a reading of the real clock
		return 0, l.world.Impossible("a deadline made from time.Now; make it from Loop.Time")
	}
	return t.Sub(l.Time()), nil
}
