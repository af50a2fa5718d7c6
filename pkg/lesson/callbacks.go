package lesson

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// EventLoop is what lesson 04 builds: it runs callbacks when there is a reason
// to. *loop.Loop is one, and its comments say what each method does; a panic in a
// callback may be reported in any way.
type EventLoop interface {
	CallSoon(fn func())
	AddReader(fd int, fn func()) error
	RemoveReader(fd int) bool
	Round() error
	Run() error
	Stop()
	Close() error
}

// newEventLoop is the library's loop, on s. It drops its callbacks' panics.
func newEventLoop(s selector.Selector) EventLoop {
	l, _ := loop.New(loop.Options{Selector: s}) // fails only for want of a selector
	l.SetExceptionHandler(func(loop.Exception) {})
	return l
}

// Callbacks judges lesson 04: run callbacks when there is a reason to. All but
// the first case are on a selector without a kernel (selector.Fake), so that
// nothing depends on time, and a sleep without end is noticed at once.
var Callbacks = Lesson{
	Number: 4, Name: "callbacks", Code: "loop",
	Question: "who runs your code when a socket is ready?",
	Able:     "serve many connections from one loop",
	Noun:     "loop", Judges: "NewLoop", Wrong: wrongLoops, Hints: callbacksHints,
	Needs: map[string][]string{
		"L01": {"L14"}, "L02": {"S01", "L14", "L01"}, "R08": {"L14"}, "S07": {"L14"}, "S15": {"S14"}, "S12": {"S14", "S15"},
		"L04": {"L14", "L20"}, "L03": {"L14", "L01", "L02"}, "L26": {"L14", "L01", "L25"}, "L20": {"L14", "L01", "L02"}, "L21": {"L14", "L01", "L02", "L20"}, "S05": {"L23"},
	},
	Cases: []Case{
		{"S01", "a peer has written", "a reader must be called for as long as there is something to read", loopReads},
		{"L14", "sleep, or don't", "a loop that sleeps while it has work to do gets to it only when somebody else wakes it", onFake(loopSleeps)},
		{"L01", "called soon: in order, and not at once", "a callback that runs inside CallSoon finds its caller in the middle of something", onFake(loopOrder)},
		{"L02", "a callback calls itself soon, again and again", "a round that waits for the last of them never gives the descriptors a turn", onFake(loopStarves)},
		{"L03", "two are called soon from the first of two", "what is called soon goes over what is still to run: some callbacks are lost, and others run twice", onFake(loopBatches)},
		{"R08", "a second reader for one descriptor", "the first is never called again, and nobody tells it", onFake(loopBusy)},
		{"S07", "removed, and removed again", "what stays with the selector wakes the loop again and again, for nobody", onFake(loopRemoves)},
		{"S14", "the first of two removes the second", "the second may run on a descriptor that is closed, or belongs to somebody else by now", onFake(loopBatch)},
		{"S15", "a reader makes way for another", "a conversation has steps, and each has its own reader", onFake(loopNextReader)},
		{"S12", "removed, and its number gets another reader at once", "the old one runs on a descriptor that belongs to somebody else by now", onFake(loopSameNumber)},
		{"L20", "stopped", "work is lost, or done when nobody expects it anymore", onFake(loopStops)},
		{"L21", "a round inside a round", "callbacks run inside callbacks", onFake(loopInside)},
		{"L04", "a callback panics", "a bug in one callback ends the loop for all", onFake(loopPanics)},
		{"L23", "nothing left to wait for", "the loop sleeps, and nobody can ever wake it", onFake(loopIdle)},
		{"S05", "a descriptor that the selector refuses", "a loop that counts on a reader which isn't there waits for it forever", onFake(loopRefused)},
		{"L25", "select fails", "a loop that overlooks it goes round and round, and waits for nothing", onFake(loopSelectFails)},
		{"L26", "select fails, and works again", "what was called soon before is lost, or nothing ever runs again", loopRecovers},
		{"L22", "closed, and closed again", "each loop that was ever made keeps its descriptors open", func(impl Impl) {
			onFake(loopCloses)(impl)
			onFake(loopClosesInside)(impl)
			onFake(loopClosesNoMore)(impl)
		}},
	},
}

// loopReads uses real sockets.
func loopReads(impl Impl) {
	s, err := selector.New()
	trial.Must(err)
	p := &poll{Poller: s}
	defer p.end()
	fd, peer := p.pair()
	t := newTurns(impl, impatient{s})
	defer func() {
		t.RemoveReader(fd)
		_ = t.Close()
	}()
	t.reader(fd, func() {
		b := make([]byte, 1)
		n, _ := unix.Read(fd, b)
		t.notes = append(t.notes, string(b[:max(0, n)]))
	})
	_, _ = unix.Write(peer, []byte("xyz"))
	t.rounds(3)
	t.heard("three rounds with three bytes to read, for a reader that takes one", "x", "y", "z")
}

func loopOrder(t *turns) {
	for _, name := range []string{"a", "b", "c"} {
		t.CallSoon(t.note(name))
	}
	t.heard("CallSoon, and no round")
	t.rounds(1)
	t.heard("CallSoon three times, and a round", "a", "b", "c")
	for fd, name := range []string{"reader 0", "reader 1"} {
		t.fake.SetReady(fd, selector.Read)
		t.reader(fd, t.note(name))
	}
	t.CallSoon(t.note("soon"))
	t.rounds(1)
	t.heard("a round with a callback to run, and two descriptors that are ready", "soon", "reader 0", "reader 1")
	soonFromInside(t)
}

// soonFromInside has a reader call another one soon, which has its turn a round later.
func soonFromInside(t *turns) {
	t.RemoveReader(0)
	t.RemoveReader(1)
	t.reader(0, func() {
		t.notes = append(t.notes, "reader 0")
		t.CallSoon(t.note("soon"))
	})
	t.rounds(1)
	t.heard("a round with a reader that calls another one soon", "reader 0")
	oneGoroutine(t)
}

// oneGoroutine looks whether a callback runs below the code that runs the round.
func oneGoroutine(t *turns) {
	here := true
	t.CallSoon(func() { here = strings.Contains(string(debug.Stack()), "lesson.oneGoroutine(") })
	t.rounds(1)
	if !here {
		fail("look at the goroutine in which a callback runs", "another one", "the one that runs the round: callbacks that share a variable need no lock", nil)
	}
}

// loopStarves ends loops that would never end: a hundred times is enough to tell.
func loopStarves(t *turns) {
	const many, few = 100, 3
	soon, read := 0, 0
	var again func()
	again = func() {
		if soon++; soon < many {
			t.CallSoon(again)
		}
	}
	t.CallSoon(again)
	t.fake.SetReady(1, selector.Read)
	t.reader(1, func() { read++ })
	t.rounds(few)
	if soon != few || read != few {
		fail(fmt.Sprintf("%d rounds with a callback that calls itself soon, and a descriptor that is ready", few),
			fmt.Sprintf("the callback %d times, the reader %d times", soon, read), "a turn for each in each round", nil)
	}
}

func loopSleeps(t *turns) {
	t.reader(1, t.note("reader"))
	t.reader(2, t.note("another reader"))
	t.CallSoon(t.note("soon"))
	if len(t.notes) > 0 {
		return // L01 judges when it runs
	}
	err := t.Round()
	if len(t.fake.Slept()) > 0 || err != nil {
		fail("a round with a callback to run, and nothing to read", "a loop that sleeps", "it not to sleep", err)
	}
	t.fake.Sleep = func(time.Duration) { t.fake.SetReady(1, selector.Read) }
	t.rounds(1)
	if slept := t.fake.Slept(); len(slept) != 1 || slept[0] >= 0 {
		fail("a round with nothing to run, until there is something to read", fmt.Sprintf("%d sleeps without a limit", len(slept)), "one sleep without a limit", nil)
	}
	t.heard("a round with a callback to run, and one with something to read", "soon", "reader")
}

func loopBusy(t *turns) {
	t.reader(1, t.note("first"))
	refused("add a second reader", t.AddReader(1, t.note("second")), nil)
	t.fake.SetReady(1, selector.Read)
	t.rounds(1)
	t.heard("a round after that, with something to read", "first")
	t.fake.SetReady(1, selector.Write)
	t.CallSoon(t.note("soon"))
	t.rounds(1)
	t.heard("a round with room to write, and nothing to read", "soon")
}

// loopRefused asks for a number that no descriptor has.
func loopRefused(t *turns) {
	refused("add a reader for the descriptor -1, which the selector refuses", t.AddReader(-1, t.note("reader")), nil)
	if t.RemoveReader(-1) {
		fail("remove the reader that was refused", "true", "false", nil)
	}
	refused("Round after that, with nothing to wait for", t.Round(), nil)
	if len(t.fake.Slept()) > 0 {
		fail("Round after that, with nothing to wait for", "a sleep", "an error", nil)
	}
}

// loopBatches queues two from the first of two: with room in the old queue's array, they
// would stand where the second of the two stood.
func loopBatches(t *turns) {
	t.CallSoon(func() {
		t.notes = append(t.notes, "a")
		t.CallSoon(t.note("c"))
		t.CallSoon(t.note("d"))
	})
	t.CallSoon(t.note("b"))
	t.rounds(1)
	t.heard("CallSoon(a), CallSoon(b), where a calls c and d soon, and a round", "a", "b")
	t.rounds(1)
	t.heard("the round after it", "c", "d")
}
