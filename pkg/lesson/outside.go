package lesson

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// WakingLoop is a loop that other goroutines may wake: what lesson 17 builds. A *loop.Loop
// is one, and its comments say what each method does.
type WakingLoop interface {
	CallSoonThreadsafe(fn func()) error // any goroutine
	Round() error
	Close() error
}

// newWakingLoop is the library's loop, on p, which is a selector.Selector whenever a case
// makes it.
func newWakingLoop(p Poller) (WakingLoop, error) {
	s, ok := p.(selector.Selector)
	if !ok {
		return nil, fmt.Errorf("the library's loop needs a selector that can be woken, not %T", p)
	}
	return held(s)
}

// held is the library's loop, which takes an outside for granted.
func held(s selector.Selector) (WakingLoop, error) {
	l, err := loop.New(loop.Options{Selector: lent{s}})
	if err != nil {
		return nil, err
	}
	l.Hold()
	return l, nil
}

// runInThread is the library's, without a context.
func runInThread(yield coro.Yield, fn func() (any, error)) (any, error) {
	return outside.Run(yield, func(context.Context) (any, error) { return fn() })
}

// Outside judges lesson 17: who wakes a loop that sleeps?
var Outside = Lesson{
	Number: 17, Name: "outside", Code: "outside",
	Question: "who wakes a loop that sleeps?",
	Able:     "let other threads work for your tasks",
	Noun:     "way in from outside", Judges: "NewWakingLoop, RunInThread", Wrong: wrongOutside, Hints: outsideHints,
	Needs: map[string][]string{
		"L18": {"O01"}, "L15": {"O01", "L18"}, "O02": {"O01"}, "O04": {"O01"}, "O03": {"O01"}, "O05": {"O01"},
		"O10": {"O01", "L18", "O02", "O04"}, "O06": {"O01", "O02"}, "O07": {"O01"},
		"O09": {"O01", "O04"}, "O19": {"O01"}, "O20": {"L19"},
		"O12": {"O11"}, "O13": {"O11"}, "O15": {"O11", "O13"}, "O16": {"O11"}, "O17": {"O11"}, "O18": {"O11", "O17"},
	},
	Fits: fits("O03", "runs the calls while it holds its lock"),
	Cases: []Case{
		{"O01", "called from outside, before the round", "a call from another goroutine must run on the loop's", onOutside(outsideBefore)},
		{"L18", "called from outside at the last moment before it sleeps", "a loop that has looked already, and sleeps now, never runs the call: the wake-up is lost", onOutside(outsideLast)},
		{"L15", "called from outside while it sleeps", "the call waits until something else wakes the loop", onOutside(outsideAsleep)},
		{"O02", "three calls, one after the other", "calls that overtake each other tell a story in the wrong order", onOutside(outsideOrder)},
		{"O04", "called from outside while a callback runs", "a loop that clears the wake-up after it has taken the queue also clears that of a call in between", onOutside(outsideMeanwhile)},
		{"O03", "a callback calls from the loop's own goroutine", "the loop waits for a lock that it holds itself, sleeps over the call, or never ends its round", onOutside(outsideItself)},
		{"O05", "woken, and nothing more to do", "a wake-up that nobody takes away keeps the loop awake for good", onOutside(outsideSleepsAgain)},
		{"O06", "70,000 calls before the first round", "a pipe holds 64 KiB: the next write blocks, and its goroutine with it", onOutside(outsideMany)},
		{"O07", "select fails when a call has come", "nobody makes the call again: an error must not cost it", onOutside(outsideFails)},
		{"O10", "two goroutines call at once", "a call that is lost is lost for good", onOutside(outsideTwo)},
		{"O09", "called from outside while it empties its pipe", "a loop that has taken its queue before throws away the wake-up of a call that it hasn't taken", onOutside(outsideEmpties)},
		{"O19", "woken in the middle of a call", "a loop that is woken before the call is in the queue finds nothing, and sleeps again", onOutside(outsideHalfway)},
		{"O08", "the selector refuses the pipe", "nothing can wake such a loop, and nobody closes its pipe", outsideRefused},
		{"L19", "closed", "the call writes to a number that belongs to somebody else by now, and nobody learns that it never runs", onOutside(outsideCloses)},
		{"O20", "closed in the middle of a call", "the call has looked whether the loop is closed, and writes afterwards: to a number that may belong to somebody else", onOutside(outsideOvertaken)},
		{"O11", "run in a thread: a result", "the task needs it", inThreads(threadResult)},
		{"O12", "run in a thread: an error", "an error that stays in the other goroutine reaches nobody", inThreads(threadError)},
		{"O14", "the work ends while the loop sleeps", "a result that wakes nobody is not there", inThreads(threadWakes)},
		{"O17", "nobody else has anything to do", "a loop that sees nothing to wait for takes the work for forgotten, and ends", inThreads(threadAlone)},
		{"O18", "nothing to wait for any more", "a loop that still counts on work which has ended sleeps for ever", inThreads(threadOver)},
		{"O16", "canceled while the work goes on", "a task that can't be canceled keeps everybody who waits for its end", inThreads(threadCanceled)},
		{"O13", "others take their turns meanwhile", "work that blocks the loop blocks every task", inThreads(threadOthers)},
		{"O15", "two at once", "work that waits for other work never ends if only one runs at a time", inThreads(threadTwo)},
	},
}

// outsider is a loop under test, and what its callbacks noted.
type outsider struct {
	WakingLoop
	selector *doorway
	mu       sync.Mutex
	notes    []string
}

// onOutside makes a case of body: it hands body a loop, and closes it afterwards.
func onOutside(body func(o *outsider)) func(Impl) {
	return func(impl Impl) {
		s, err := selector.New()
		trial.Must(err)
		o := &outsider{selector: &doorway{Selector: s}}
		o.WakingLoop, err = impl.NewWakingLoop(o.selector)
		if err == nil && o.WakingLoop == nil {
			fail("make a loop", "nil", "a loop", nil)
		}
		if err != nil {
			_ = s.Close()
			trial.Must(err)
		}
		defer s.Close()
		defer o.Close()
		body(o)
	}
}

func (o *outsider) note(name string) func() {
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.notes = append(o.notes, name)
	}
}

func (o *outsider) heard(tried string, want ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	got := o.notes
	o.notes = nil
	wantHeard(tried, got, want)
}

// call calls each of fns from another goroutine, and returns when that has been done.
func (o *outsider) call(fns ...func()) {
	ended := make(chan error)
	go func() {
		var first error
		for _, fn := range fns {
			if err := o.CallSoonThreadsafe(fn); first == nil {
				first = err
			}
		}
		ended <- first
	}()
	noError("CallSoonThreadsafe in another goroutine", <-ended)
}

// round runs one in which there is something to do.
func (o *outsider) round(tried string) {
	if err := o.Round(); errors.Is(err, trial.ErrWaits) {
		fail(tried, "a loop that sleeps, although a call has come", "the call to run", err)
	} else {
		noError(tried, err)
	}
}

func outsideBefore(o *outsider) {
	o.call(o.note("a"))
	o.heard("call from outside, and no round yet")
	o.round("a round, after a call from outside")
	o.heard("a call from outside, and a round", "a")
}

func outsideLast(o *outsider) {
	for range 3 {
		o.selector.before = func() { o.call(o.note("a")) }
		o.round("a round, and a call from outside just before select sleeps")
		o.mustHaveSlept()
		o.again("a")
		o.heard("a call from outside just before select sleeps", "a")
	}
}

// again runs another round if the last one has not run name yet, although it was woken.
func (o *outsider) again(name string) {
	o.mu.Lock()
	ran := slices.Contains(o.notes, name)
	o.mu.Unlock()
	if !ran {
		o.round("a round after the one that " + name + " woke")
	}
}

// mustHaveSlept: select was asked to sleep, since nothing had come.
func (o *outsider) mustHaveSlept() {
	if o.selector.before != nil {
		fail("a round, before anything has come", "a loop that doesn't sleep", "one that sleeps until it is woken", nil)
	}
}

func outsideAsleep(o *outsider) {
	for range 100 {
		called := make(chan struct{})
		o.selector.before = func() {
			go func() {
				defer close(called)
				_ = o.CallSoonThreadsafe(o.note("a"))
			}()
		}
		o.selector.patient = limit / 4 // it may come at any moment of the sleep
		o.round("a round, and a call from outside during its sleep")
		o.mustHaveSlept()
		<-called
		o.selector.patient = 0
		o.selector.instead = func() error { return nil } // outsideHalfway judges whether it was woken too early
		o.again("a")
		o.selector.instead = nil
		o.heard("a call from outside during the sleep of a round", "a")
	}
}

func outsideOrder(o *outsider) {
	o.call(o.note("a"), o.note("b"), o.note("c"))
	o.round("a round, after three calls from outside")
	o.heard("three calls from outside, and one round", "a", "b", "c")
}

func outsideItself(o *outsider) {
	o.call(func() {
		o.note("a")()
		_ = o.CallSoonThreadsafe(o.note("b"))
	})
	o.round("a round whose callback calls CallSoonThreadsafe")
	o.heard("a callback that calls another soon, and one round", "a")
	o.round("the round after that")
	o.heard("the round after that", "b")
}

func outsideMeanwhile(o *outsider) {
	o.call(func() { o.call(o.note("b"), o.note("d")); o.note("a")() }, o.note("c"))
	o.round("a round, during which two calls come from outside")
	o.heard("a round, during which two calls come from outside", "a", "c")
	o.round("the round after that")
	o.heard("the round after that", "b", "d")
}

func outsideSleepsAgain(o *outsider) {
	for _, n := range []int{1, 10_000} {
		for range n {
			o.call(func() {})
		}
		o.round("a round, after calls from outside")
		tried := fmt.Sprintf("%d calls from outside, a round that runs them, and one more", n)
		if err := o.selectsOnce(tried); !errors.Is(err, trial.ErrWaits) {
			fail(tried, "a select that doesn't sleep: "+trial.Said(err), "a select that sleeps: nothing has come", err)
		}
	}
	const tried = "a round whose select ends, although no call has come"
	o.selector.instead = func() error { return nil }
	noError(tried, o.selectsOnce(tried))
}

// selectsOnce runs a round, and expects it to call select once, without a limit.
func (o *outsider) selectsOnce(tried string) error {
	o.selector.timeouts = nil
	err := o.Round()
	if len(o.selector.timeouts) != 1 || o.selector.timeouts[0] >= 0 {
		fail(tried, fmt.Sprintf("select called with the times %v", o.selector.timeouts), "one select without a limit", err)
	}
	return err
}

func outsideMany(o *outsider) {
	const many = 70_000
	ran := 0
	fns := make([]func(), many)
	for i := range fns {
		fns[i] = func() { ran++ }
	}
	fns[0] = func() { ran++; o.call(o.note("a")) } // its byte finds the pipe full, or empty
	o.call(fns...)
	o.round("a round, after 70,000 calls from outside")
	if ran != many {
		fail("70,000 calls from outside, and one round", fmt.Sprintf("%d of them run", ran), "all of them", nil)
	}
	o.round("the round after that, for a call that has come during the first of them")
	o.heard("the round after that, for a call that has come during the first of them", "a")
}

func outsideTwo(o *outsider) {
	const each = 1000
	next := [2]int{}
	order := true
	var mu sync.Mutex // for a loop that runs calls where they are made
	var both sync.WaitGroup
	for who := range next {
		both.Go(func() {
			for i := range each {
				_ = o.CallSoonThreadsafe(func() {
					mu.Lock()
					defer mu.Unlock()
					order = order && next[who] == i
					next[who]++
				})
			}
		})
	}
	both.Wait()
	for range 2 * each {
		if next[0]+next[1] == 2*each {
			break
		}
		o.round("a round, after two goroutines have called at once")
	}
	if next != [2]int{each, each} || !order {
		fail("two goroutines call 1000 times each", fmt.Sprintf("%d and %d of the calls run, in order: %v", next[0], next[1], order), "all of them, each goroutine's in order", nil)
	}
}
