// Package check holds a loop to its rules, while any test runs on it.
//
// A Checker is a probe. It believes nothing of what it is told: a callback begins
// that was never queued, a round runs what was queued in it, a future is done twice,
// a descriptor is watched that isn't registered, and the test has failed. So every
// test that has a loop checks the loop's rules after every step, also where it is
// about something else. It imports no loop: the tests inside of package loop use it
// too.
package check

import (
	"fmt"
	"sync/atomic"
	"testing"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// A Checker checks one loop: hand it to the loop's Options as a probe.
//
// It has no lock, on purpose. An event that is told in another goroutine than the
// loop's, though its method doesn't say so, is a race, and the race detector finds it.
type Checker struct {
	probe.Nothing
	t      testing.TB
	failed bool // only the first fault is reported: those that follow are its echo
	loops  int
	ended  bool

	scheduled atomic.Uint64
	turns     // turns.go: callbacks and rounds
	selector  *Selector
	sides     map[side]*token // what is watched; the token is nil before its first turn
	lost      map[side]bool   // watched, when the selector lost it
	changed   bool            // sides, or what is registered, since they were compared

	futures map[probe.Identity]bool           // is it done?
	tasks   map[probe.Identity]probe.Identity // by task: the future of its result
	step    *step                             // that is being taken
	opened  map[probe.Identity]bool           // is it still?
}

// A side is what a reader or a writer is of.
type side struct {
	fd    int
	event selector.Events
}

// A token is what comes back with each turn of one callback.
type token struct {
	number uint64
	turns  int
	taken  bool // back: its next turn must be skipped
}

// New makes a Checker that fails t.
func New(t testing.TB) *Checker {
	return &Checker{
		t: t, sides: map[side]*token{}, lost: map[side]bool{}, opened: map[probe.Identity]bool{},
		turns: turns{ready: map[side]bool{}}, futures: map[probe.Identity]bool{}, tasks: map[probe.Identity]probe.Identity{},
	}
}

// Watch takes the one loop.
func (c *Checker) Watch(probe.Loop) probe.Events {
	c.loops++
	c.want(c.loops == 1, "a Checker is for one loop")
	return c
}

// want fails the test unless ok.
func (c *Checker) want(ok bool, rule string, args ...any) {
	if !ok && !c.failed {
		c.failed = true
		c.t.Helper()
		c.t.Errorf("a loop's rule is broken: %s", fmt.Sprintf(rule, args...))
	}
}

// lives wants that the loop has not ended.
func (c *Checker) lives(event string, x any) {
	c.want(!c.ended, "the loop has closed, and then tells %s of %v", event, x)
}

// Watched and Unwatched come in pairs. The selector has heard of it before the one,
// and hears of it after the other.
func (c *Checker) Watched(fd int, events fmt.Stringer) {
	c.lives("Watched", fd)
	for _, s := range sidesOf(fd, events) {
		_, already := c.sides[s]
		c.want(!already, "fd %d is watched twice, to %v", fd, events)
		c.sides[s] = nil
		delete(c.lost, s)
	}
	c.changed = true
}

// Unwatched: a turn that waits now comes too late.
func (c *Checker) Unwatched(fd int, events fmt.Stringer) {
	c.lives("Unwatched", fd)
	for _, s := range sidesOf(fd, events) {
		if c.lost[s] { // the selector knew it first; one turn is still to come
			continue
		}
		t, was := c.sides[s]
		c.want(was, "fd %d is unwatched, to %v, and wasn't watched", fd, events)
		if t != nil {
			t.taken = true
		}
		delete(c.sides, s)
	}
	c.changed = true
}

// lose: the selector has lost fd, and with it both sides.
func (c *Checker) lose(fd int) {
	for _, s := range sidesOf(fd, selector.Read|selector.Write) {
		if _, was := c.sides[s]; was {
			c.lost[s] = true
			delete(c.sides, s)
		}
	}
	c.changed = true
}

// compare wants that exactly what is watched is registered.
func (c *Checker) compare() {
	if c.selector == nil || !c.changed {
		return
	}
	c.changed = false
	watched := map[int]selector.Events{}
	for s := range c.sides {
		watched[s.fd] |= s.event
	}
	for fd, r := range c.selector.Registered {
		c.want(watched[fd] == r.Events, "fd %d is watched to %v and registered to %v", fd, watched[fd], r.Events)
		delete(watched, fd)
	}
	c.want(len(watched) == 0, "watched and not registered: %v", watched)
}

func sidesOf(fd int, events fmt.Stringer) (all []side) {
	e, _ := events.(selector.Events)
	for _, one := range []selector.Events{selector.Read, selector.Write} {
		if e&one != 0 {
			all = append(all, side{fd, one})
		}
	}
	return all
}

// Opened, Abandoned and Closed: what lives on the loop is closed by the loop, or by others
// as often as they like.
func (c *Checker) Opened(o any, name fmt.Stringer) {
	c.want(!c.opened[probe.IdentityOf(o)], "%v is opened twice", name)
	c.opened[probe.IdentityOf(o)] = true
}

// Abandoned: the loop closes it, so nobody has.
func (c *Checker) Abandoned(o any) {
	c.want(c.opened[probe.IdentityOf(o)], "a %T is left that isn't open", o)
	c.opened[probe.IdentityOf(o)] = false
}

// Closed: it was open once.
func (c *Checker) Closed(o any) {
	_, was := c.opened[probe.IdentityOf(o)]
	c.want(was, "a %T is closed that was never opened", o)
	c.opened[probe.IdentityOf(o)] = false
}

// End: once, between two callbacks, when nothing is open any more.
func (c *Checker) End() {
	c.lives("End", "itself")
	c.want(c.running == nil, "the loop has closed in a callback")
	for o, open := range c.opened {
		c.want(!open, "the loop has closed, and %v is open", o)
	}
	c.ended = true
}

var (
	_ probe.Probe  = (*Checker)(nil)
	_ probe.Events = (*Checker)(nil)
)
