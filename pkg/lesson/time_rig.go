package lesson

// The rig of lesson 14's cases: a loop under test, on a selector without a kernel and a
// clock that moves only while the loop sleeps. Read time.go first.

import (
	"fmt"
	"math"
	"slices"
	"time"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// clockwork is a loop under test, and what it does with its time.
type clockwork struct {
	TimedLoop
	fake  *selector.Fake
	now   time.Duration
	asked []time.Duration // the timeout of each Select since the last round began
	reads int             // of the clock, since the last Select
	naps  int             // Selects with a time of more than 0, since waits began
	notes []string
}

// onClock makes a case of body: it hands body a loop. The clock doesn't begin at 0, which
// many take for granted.
func onClock(body func(c *clockwork)) func(Impl) {
	return func(impl Impl) {
		c := &clockwork{fake: selector.NewFake(), now: 7 * time.Second}
		c.fake.Sleep = c.pass
		c.TimedLoop = impl.NewTimedLoop(counting{c.fake, c}, hands{c})
		if c.TimedLoop == nil {
			fail("make a loop", "nil", "a loop", nil)
		}
		body(c)
	}
}

// pass moves the clock, and stops at the end of time.
func (c *clockwork) pass(d time.Duration) {
	if d > 0 {
		c.now = max(c.now, c.now+min(d, math.MaxInt64-c.now))
	}
}

// hands are the clock that the loop sees.
type hands struct{ c *clockwork }

// What is more than any code needs. Code that waits by asking again and again is helped on:
// after mostReads and mostLooks its time passes, or it would never end.
const (
	mostReads  = 10_000 // of the clock, between two selects
	mostLooks  = 100    // selects in a round
	mostRounds = 1000   // in a case
	mostAwake  = 20     // rounds without a sleep
)

func (h hands) Now() time.Duration {
	if h.c.reads++; h.c.reads > mostReads {
		h.c.pass(ms)
	}
	return h.c.now
}

// counting is the selector that the loop sees.
type counting struct {
	*selector.Fake
	c *clockwork
}

func (s counting) Select(timeout time.Duration) ([]selector.Ready, error) {
	if s.c.reads = 0; len(s.c.asked) >= mostLooks {
		s.c.pass(ms)
	}
	if s.c.asked = append(s.c.asked, timeout); timeout > 0 {
		s.c.naps++
	}
	return s.Fake.Select(timeout)
}

// note makes a callback that notes its name.
func (c *clockwork) note(name string) func() {
	return func() { c.notes = append(c.notes, name) }
}

// later sets a timer that notes its name.
func (c *clockwork) later(d time.Duration, name string) (cancel func() bool) {
	return c.CallLater(d, c.note(name))
}

// cancels expects cancel to say want.
func (c *clockwork) cancels(tried string, cancel func() bool, want bool) {
	if cancel == nil {
		fail(tried, "nil from CallLater", "a function that cancels", nil)
	}
	if got := cancel(); got != want {
		fail(tried, fmt.Sprint(got), fmt.Sprint(want), nil)
	}
}

// heard expects these notes, and forgets them.
func (c *clockwork) heard(tried string, want ...string) {
	got := c.notes
	c.notes = nil
	wantHeard(tried, got, want)
}

// inOrder is heard for many, of which the order alone may be wrong: it says so in words.
func (c *clockwork) inOrder(tried string, want []string) {
	got := slices.Clone(c.notes)
	slices.Reverse(got)
	if len(want) > 1 && slices.Equal(got, want) {
		fail(tried, "all of them, the last one first", "them in the order of the calls", nil)
	}
	sorted := slices.Sorted(slices.Values(want))
	if slices.Sort(got); slices.Equal(got, sorted) && !slices.Equal(c.notes, want) {
		fail(tried, "all of them, in another order", "them in the order of the calls", nil)
	}
	c.heard(tried, want...)
}

// round runs one, and expects these notes of it.
func (c *clockwork) round(tried string, want ...string) {
	c.goRound(tried)
	c.heard(tried, want...)
}

// goRound runs one, with a timer that is set.
func (c *clockwork) goRound(tried string) {
	c.asked = nil
	err := c.Round()
	if n := len(c.asked); err != nil && n > 0 && c.asked[n-1] < 0 {
		fail(tried, "a sleep without a limit", "one that ends when the timer is due", err)
	}
	noError(tried, err)
}

// slept expects the last round to have called select once, for that long.
func (c *clockwork) slept(tried string, want time.Duration) {
	if len(c.asked) == 1 && c.asked[0] == want {
		return
	}
	got := fmt.Sprintf("select called with %v", c.asked)
	if n := len(c.asked); n != 1 {
		got = fmt.Sprintf("%d calls of select", n)
	}
	fail(tried, got, fmt.Sprintf("one call of select, with %v", want), nil)
}

// sleepsOn expects a round to find nothing to do and no time to wait for: it sleeps
// without a limit, or says that nothing is left to wait for.
func (c *clockwork) sleepsOn(tried string) {
	c.asked = nil
	_ = c.Round()
	for _, timeout := range c.asked {
		switch {
		case timeout == 0:
			fail(tried, "a select that only looks: something is in the queue, or counts as due", "nothing to run", nil)
		case timeout > 0:
			fail(tried, fmt.Sprintf("a sleep of %v", timeout), "no timer to wait for", nil)
		}
	}
	c.heard(tried)
}

// rounds runs rounds until one finds nothing to do and no time to wait for. A loop whose
// clock stands still for many rounds never sleeps.
func (c *clockwork) rounds() {
	for n, awake := 0, 0; n < mostRounds; n++ {
		before := c.now
		c.asked = nil
		err := c.Round()
		if n := len(c.asked); err != nil || n > 0 && c.asked[n-1] < 0 {
			return
		}
		if awake++; c.now != before {
			awake = 0
		}
		if awake == mostAwake {
			trial.Must(trial.NeverSlept(mostAwake))
		}
	}
	trial.Must(trial.NeverSlept(mostRounds))
}

// waits runs rounds until nothing is left, and expects that to have taken d.
func (c *clockwork) waits(tried string, d time.Duration) {
	began := c.now
	c.naps = 0
	c.rounds()
	if took := c.now - began; took != d {
		fail(tried+", until the loop has nothing to do", fmt.Sprintf("%v on the clock", took), d.String(), nil)
	}
}
