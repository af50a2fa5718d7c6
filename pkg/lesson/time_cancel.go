package lesson

// Lesson 14's cases about timers that are canceled. Read time.go first.

import (
	"fmt"
	"slices"
	"time"
)

func timeCancels(c *clockwork) {
	before := c.later(10*ms, "canceled before")
	c.cancels("cancel a timer", before, true)
	c.cancels("cancel it again", before, false)
	var same, own func() bool
	c.CallLater(20*ms, func() { c.notes = append(c.notes, fmt.Sprint("cancel the next: ", same())) })
	same = c.later(20*ms, "canceled in the same round")
	after := c.later(20*ms, "after")
	own = c.CallLater(20*ms, func() { c.notes = append(c.notes, fmt.Sprint("cancel itself: ", own())) })
	if same == nil || own == nil {
		fail("CallLater", "nil", "a function that cancels", nil)
	}
	c.waits("set timers of 20ms, and cancel some", 20*ms)
	c.heard("cancel a timer before its time, one that is due in the same round, and one in its own callback",
		"cancel the next: true", "after", "cancel itself: false")
	c.cancels("cancel a timer that has run", after, false)
	c.cancels("cancel again a timer that was canceled in its own round", same, false)
	c.cancels("cancel a timer of 0", c.later(0, "zero"), true)
	c.CallSoon(c.note("soon"))
	c.waits("cancel a timer of 0", 0)
	c.heard("cancel a timer of 0, and some rounds", "soon")
}

func timeCanceledSleep(c *clockwork) {
	first, second, third := c.later(10*ms, "10ms"), c.later(20*ms, "20ms"), c.later(30*ms, "30ms")
	c.later(40*ms, "40ms")
	c.cancels("cancel the second of four timers", second, true)
	c.cancels("cancel the first of them", first, true)
	const tried = "a round with timers in 30ms and 40ms, and two canceled ones before them"
	c.round(tried, "30ms")
	c.slept(tried, 30*ms)
	c.cancels("cancel the one that has run", third, false)
	c.round("a round with a timer in 10ms", "40ms")
	c.cancels("cancel a timer in 1s", c.later(time.Second, "1s"), true)
	c.sleepsOn("a round with nothing but a canceled timer")
}

// timeMany has ten timers at each of a hundred times, in a muddled order.
func timeMany(c *clockwork) {
	const many, times = 1000, 100
	due := make([][]string, times)
	var canceled []func() bool
	for i := range many {
		at := i * 7919 % times
		name := fmt.Sprintf("timer %d, in %dms", i+1, at+1)
		cancel := c.later(time.Duration(at+1)*ms, name)
		if i%3 == 0 {
			canceled = append(canceled, cancel)
		} else {
			due[at] = append(due[at], name)
		}
	}
	for _, cancel := range canceled {
		c.cancels("cancel one of a thousand timers", cancel, true)
	}
	c.waits("set a thousand timers of 1ms to 100ms, and cancel a third of them", times*ms)
	for _, cancel := range canceled {
		c.cancels("cancel it again, when all others have run", cancel, false)
	}
	wantAll(c.notes, slices.Concat(due...))
}

// wantAll is wantHeard for lists that are too long to show.
func wantAll(got, want []string) {
	for i := range max(len(got), len(want)) {
		one, other := "nothing", "nothing"
		if i < len(got) {
			one = got[i]
		}
		if i < len(want) {
			other = want[i]
		}
		if one != other {
			fail(fmt.Sprintf("set a thousand timers, cancel a third of them, and look at number %d of those that run", i+1), one, other, nil)
		}
	}
}
