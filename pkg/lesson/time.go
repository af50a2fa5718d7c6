package lesson

import (
	"fmt"
	"math"
	"time"

	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// TimedLoop is what lesson 14 builds: a loop that knows when.
//
// CallLater has fn run d from now, by the loop's clock, and cancel takes it back. Round
// selects once, for no longer than the next timer allows, and runs what is ready. WaitFor
// returns a Future that ends as f does, or with os.ErrDeadlineExceeded once d has passed.
type TimedLoop interface {
	CallSoon(fn func())
	CallLater(d time.Duration, fn func()) (cancel func() bool)
	WaitFor(f *future.Future, d time.Duration) *future.Future
	Round() error
}

// Time judges lesson 14: how long may select sleep? No case takes time: the selector has
// no kernel, and its clock moves only while the loop sleeps.
var Time = Lesson{
	Number: 14, Name: "time", Code: "loop/timer.go",
	Question: "how long may select sleep?",
	Able:     "give up in time, and test an hour in no time",
	Noun:     "loop", Judges: "NewTimedLoop", Wrong: wrongTimes, Hints: timeHints,
	Needs: map[string][]string{
		"L13": {"L06"}, "L30": {"L06"}, "L08": {"L06", "L13"}, "L12": {"L06", "L07"}, "L09": {"L06", "L13"}, "L02": {"L06"}, "L28": {"L06", "L13"},
		"L10": {"L06", "L13", "L30"}, "L11": {"L06", "L13", "L10"}, "L29": {"L06", "L13", "L30", "L10"},
		"T38": {"L06", "L13"}, "T23": {"L06", "L13"}, "R11": {"L06", "L13", "T38"},
		"T24": {"L06", "L13", "L07", "T23"}, "U14": {"L06", "L13", "T38", "T23"}, "U07": {"L06", "L13", "T38"},
	},
	Cases: []Case{
		{"L06", "by time, and not at once", "whatever waits for a time relies on it", onClock(timeOrder)},
		{"L13", "sleep until the first timer, and no longer", "a loop that sleeps too long is late; one that sleeps too short wakes for nothing", onClock(timeSleeps)},
		{"L30", "equal times, in the order of the calls", "code that asks for one thing and then for another relies on that order", onClock(timeEqual)},
		{"L07", "zero and less", "what is due at once must neither run inside the call that asks for it nor wait for a sleep", onClock(timeZero)},
		{"L02", "a callback calls two others soon, and another is behind it", "a callback that is lost leaves a task asleep forever", onClock(timeSoon)},
		{"L28", "longer than the clock can count", "now and d together overflow, and what should never come is due at once", onClock(timeHuge)},
		{"L08", "select returns early", "a descriptor or a signal may end the sleep before the time has come", onClock(timeEarly)},
		{"L12", "a timer's callback sets a timer of 0", "a round that runs it too never ends, if that one sets another", onClock(timeAgain)},
		{"L09", "a callback takes long, and others become due meanwhile", "a late timer must not make the loop sleep, run twice, or jump the queue", onClock(timeLate)},
		{"L10", "canceled: before, in the same round, twice, too late", "code that has canceled a timer relies on it: what it used is gone", onClock(timeCancels)},
		{"L11", "canceled timers, and the sleep", "a loop that wakes for what was canceled wakes for nothing", onClock(timeCanceledSleep)},
		{"L29", "a thousand timers, and a third of them canceled", "a heap that is out of order runs a timer late, and nobody sees why", onClock(timeMany)},
		{"T38", "the result comes in time", "a timer that stays is a leak: a thousand answers keep a thousand timers", onClock(waitResult)},
		{"T23", "the time is over first", "a callback that stays on the Future keeps everything alive that it uses", onClock(waitTimeout)},
		{"R11", "the result and the end of the time, in one round", "a result that is there must not be thrown away", onClock(waitBoth)},
		{"T24", "no time at all", "a limit that has run out must not hide a result that is there", onClock(waitZero)},
		{"U14", "two wait for one Future", "the limit of the one must not end what the other waits for", onClock(waitTwo)},
		{"U07", "the Future that it returned is canceled", "nobody waits any more, so nothing may stay", onClock(waitGivenUp)},
	},
}

const ms = time.Millisecond

func timeOrder(c *clockwork) {
	for _, name := range []string{"30ms", "10ms", "20ms"} {
		d, err := time.ParseDuration(name)
		trial.Must(err)
		c.later(d, name)
	}
	c.heard("CallLater with 30ms, 10ms and 20ms, and no round")
	for _, name := range []string{"10ms", "20ms", "30ms"} {
		c.round("a round until a timer of "+name+" is due", name)
	}
}

func timeEqual(c *clockwork) {
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprintf("10ms, call %d", i+1))
		c.later(10*ms, want[i])
	}
	const tried = "the round in which 20 timers of 10ms are due"
	c.goRound(tried)
	c.inOrder(tried, want)

	for i := range 10 {
		c.later(10*ms, "10ms")
		want[i] = fmt.Sprintf("20ms, call %d", i+1)
		c.later(20*ms, want[i])
	}
	c.goRound("a round with ten timers of 10ms and ten of 20ms")
	c.notes = nil
	for i := range 10 {
		want[10+i] = fmt.Sprintf("10ms, call %d", i+1)
		c.later(10*ms, want[10+i])
	}
	const later = "ten timers of 20ms, ten of 10ms that are set 10ms later, and the round in which all of them are due"
	c.goRound(later)
	c.inOrder(later, want)
}

func timeSleeps(c *clockwork) {
	c.later(300*ms, "300ms")
	c.round("a round with a timer in 300ms", "300ms")
	c.slept("a round with a timer in 300ms", 300*ms)
	c.later(50*ms, "50ms")
	c.later(1500*time.Microsecond, "1.5ms")
	c.round("a round with timers in 50ms and 1.5ms", "1.5ms")
	c.slept("a round with timers in 50ms and 1.5ms", 1500*time.Microsecond)
	c.CallSoon(c.note("soon"))
	c.round("a round with a callback to run, and a timer later", "soon")
	c.slept("a round with a callback to run, and a timer later", 0)
	c.round("a round with a timer in 48.5ms", "50ms")
	c.slept("a round with a timer in 48.5ms", 48500*time.Microsecond)
	c.sleepsOn("a round with no timer")
	refused("a round whose select fails", c.Round(), nil)
}

func timeZero(c *clockwork) {
	for _, one := range []struct {
		name string
		d    time.Duration
	}{{"0", 0}, {"-1h", -time.Hour}, {"0 again", 0}, {"as far back as can be", math.MinInt64}} {
		c.later(one.d, one.name)
	}
	const tried = "a round after CallLater with 0, -1h, 0, and the most negative time"
	c.heard("CallLater with 0 or less, and no round")
	c.round(tried, "0", "-1h", "0 again", "as far back as can be")
	c.slept(tried, 0)
}

func timeHuge(c *clockwork) {
	c.later(10*ms, "10ms")
	c.round("a round with a timer in 10ms", "10ms")
	c.slept("a round with a timer in 10ms", 10*ms) // code that sleeps by itself would now do so without end
	c.later(math.MaxInt64, "the end of time")
	c.later(10*ms, "10ms")
	const tried = "a round with a timer of the longest time there is, and one in 10ms"
	c.round(tried, "10ms")
	c.slept(tried, 10*ms)
	c.asked = nil
	_ = c.Round()
	const longest = "a round with a timer of the longest time there is"
	if len(c.asked) != 1 || 0 <= c.asked[0] && c.asked[0] < 1000*time.Hour {
		fail(longest, fmt.Sprintf("select called with %v", c.asked), "a very long sleep", nil)
	}
	if len(c.notes) > 0 && c.now < math.MaxInt64 {
		fail(longest, fmt.Sprintf("it runs when the clock says %v", c.now), "it to wait for the end of time", nil)
	}
}

func timeSoon(c *clockwork) {
	c.CallSoon(func() {
		c.notes = append(c.notes, "first")
		c.CallSoon(c.note("its one"))
		c.CallSoon(c.note("its other"))
	})
	c.CallSoon(c.note("second"))
	const tried = "a round whose first callback calls two others soon, while a second is behind it"
	c.round(tried, "first", "second")
	c.slept(tried, 0)
	c.round("the round after that", "its one", "its other")
}

// timeEarly halves each sleep.
func timeEarly(c *clockwork) {
	c.fake.Sleep = func(d time.Duration) { c.now += max(0, d) / 2 }
	c.later(8*ms, "8ms")
	const tried = "a round whose select returns after half of the time"
	for _, left := range []time.Duration{8 * ms, 4 * ms, 2 * ms} {
		c.round(tried)
		c.slept(tried, left)
	}
	c.fake.Sleep = c.pass
	c.round("a round that sleeps until the time has come", "8ms")
	c.slept("a round that sleeps until the time has come", ms)
}

func timeAgain(c *clockwork) {
	c.CallLater(10*ms, func() {
		c.notes = append(c.notes, "outer")
		c.later(0, "inner")
		c.CallSoon(c.note("soon"))
	})
	const tried = "a round in which a timer's callback sets a timer of 0 and calls another soon"
	c.round(tried, "outer")
	c.slept(tried, 10*ms)
	c.round("the round after that", "soon", "inner")
	const many, few = 100, 3 // the many end a loop that would never end
	ran := 0
	var again func()
	again = func() {
		if ran++; ran < many {
			c.CallLater(0, again)
		}
	}
	c.CallLater(0, again)
	for range few {
		c.round("a round with a timer of 0 whose callback sets it again")
	}
	if ran != few {
		fail(fmt.Sprintf("%d rounds with a timer of 0 whose callback sets it again", few), fmt.Sprintf("%d calls", ran), "one in each round", nil)
	}
}

func timeLate(c *clockwork) {
	c.CallLater(10*ms, func() {
		c.notes = append(c.notes, "10ms")
		c.now += 100 * ms
		c.later(0, "0, called later")
	})
	c.later(30*ms, "30ms")
	c.later(20*ms, "20ms")
	c.round("a round in which a callback takes 100ms", "10ms")
	c.slept("a round in which a callback takes 100ms", 10*ms)
	const tried = "the next round, with timers that became due meanwhile"
	c.round(tried, "20ms", "30ms", "0, called later")
	c.slept(tried, 0)
	c.sleepsOn("the round after that")
}

// newTimedLoop is the library's loop, on s and clock.
func newTimedLoop(s selector.Selector, clock loop.Clock) TimedLoop {
	l, _ := loop.New(loop.Options{Selector: s, Clock: clock}) // fails only for want of a selector
	l.SetExceptionHandler(func(loop.Exception) {})
	return timed{l}
}
