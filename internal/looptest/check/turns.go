package check

import (
	"fmt"
	"time"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// turns is where the loop stands in its rounds.
//
// Invariant: begun ≤ batch ≤ queued, while callbacks run.
type turns struct {
	asleep        bool
	collecting    bool   // select has returned, and no callback of this round has begun
	queued, begun uint64 // the last one
	batch         uint64 // the last one of this round
	running       *probe.Callback
	skipped       bool
	late          bool          // running was taken back before it began
	soon, outside uint64        // the last token that was queued for that reason
	ready         map[side]bool // what select has just reported
}

// Scheduled hands out a token. Any goroutine may be the caller.
func (c *Checker) Scheduled(func()) any { return &token{number: c.scheduled.Add(1)} }

// Slept: between two callbacks, and not at all while one waits.
func (c *Checker) Sleep(timeout time.Duration) {
	c.lives("Slept", timeout)
	c.want(!c.asleep, "select is called while it sleeps")
	c.want(c.running == nil, "select is called in a callback")
	c.want(timeout == 0 || c.begun == c.queued, "select may sleep for %v while %d callbacks wait", timeout, c.queued-c.begun)
	c.compare()
	c.asleep, c.collecting = true, false
}

// Woke ends what Slept began.
func (c *Checker) Woke(int) {
	c.lives("Woke", "select")
	c.want(c.asleep, "select returns that wasn't called")
	c.asleep, c.collecting, c.ready = false, true, map[side]bool{}
}

// Ready comes after Woke, for what is watched.
func (c *Checker) Ready(fd int, events fmt.Stringer) {
	c.lives("Ready", fd)
	c.want(c.collecting, "fd %d is ready, and select has not returned", fd)
	for _, s := range sidesOf(fd, events) {
		_, watched := c.sides[s]
		c.want(watched, "fd %d is ready to %v, and nobody waits for that", fd, s.event)
		c.ready[s] = true
	}
}

// Queued: numbered in order, each call once, calls for one reason in the order in
// which they were made, and nothing without a reason.
func (c *Checker) Queued(k probe.Callback) {
	c.lives("Queued", k.Why)
	c.want(k.Number == c.queued+1, "callback %d is queued after %d", k.Number, c.queued)
	c.queued = k.Number
	c.want(!c.asleep, "a callback is queued while select sleeps")
	t, ok := k.By.(*token)
	if !ok {
		c.want(false, "callback %d (%s) doesn't bring back what Scheduled returned", k.Number, k.Why)
		return
	}
	switch k.Why {
	case probe.Soon:
		c.inOrder(k, t, &c.soon)
	case probe.Outside:
		c.inOrder(k, t, &c.outside)
		fallthrough
	case probe.Timer:
		c.want(c.collecting, "a call %s is queued outside of its place in the round", k.Why)
		c.want(t.turns == 0, "a call %s has a second turn", k.Why)
	case probe.Read, probe.Write:
		c.queuedSide(k, t)
	default:
		c.want(false, "callback %d is queued for no reason: %q", k.Number, k.Why)
	}
	c.want(k.FD >= 0 == (k.Why == probe.Read || k.Why == probe.Write), "a call %s is queued for fd %d", k.Why, k.FD)
	t.turns++
}

func (c *Checker) inOrder(k probe.Callback, t *token, last *uint64) {
	c.want(t.number > *last, "calls %s are queued in another order than they were made, or twice", k.Why)
	*last = max(*last, t.number)
}

// queuedSide: select has reported it, or has lost it.
func (c *Checker) queuedSide(k probe.Callback, t *token) {
	s := side{k.FD, selector.Read}
	if k.Why == probe.Write {
		s.event = selector.Write
	}
	if c.lost[s] {
		delete(c.lost, s)
		return
	}
	c.want(c.collecting && c.ready[s], "fd %d has a turn to %s, and select didn't report that", k.FD, k.Why)
	delete(c.ready, s)
	if _, watched := c.sides[s]; watched {
		c.sides[s] = t
	}
}

// Began: the next in the queue, if it was there at the beginning of the round.
func (c *Checker) Began(k probe.Callback) {
	c.lives("Began", k.Number)
	if c.collecting {
		c.collecting, c.batch = false, c.queued
		c.want(len(c.ready) == 0, "ready, and without a turn: %v", c.ready)
	}
	c.want(c.running == nil, "callback %d begins in another", k.Number)
	c.want(!c.asleep, "callback %d begins while select sleeps", k.Number)
	c.want(k.Number == c.begun+1, "callback %d begins after %d", k.Number, c.begun)
	c.want(k.Number <= c.batch, "callback %d runs in the round in which it was queued", k.Number)
	t, _ := k.By.(*token)
	c.begun, c.running, c.skipped, c.late = k.Number, &k, false, t != nil && t.taken
}

// Skipped: only what can be taken back.
func (c *Checker) Skipped(k probe.Callback) {
	c.want(c.running != nil && c.running.Number == k.Number, "callback %d is skipped and doesn't run", k.Number)
	c.want(k.Why != probe.Soon && k.Why != probe.Outside, "a call %s is skipped: nobody can take it back", k.Why)
	c.skipped = true
}

// Returned ends what Began began. What was taken back in time was skipped.
func (c *Checker) Returned(k probe.Callback) {
	c.lives("Returned", k.Number)
	c.want(c.running != nil && c.running.Number == k.Number, "callback %d returns and doesn't run", k.Number)
	c.want(!c.late || c.skipped, "callback %d runs, though fd %d is no longer watched", k.Number, k.FD)
	c.want(c.step == nil, "a callback returns in the step of a task")
	c.running = nil
	c.compare()
}
