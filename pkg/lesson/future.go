package lesson

import (
	"fmt"
	"io"

	"stepwise/pkg/future"
	"stepwise/pkg/trial"
)

// Box is what lesson 05 builds: a result that isn't there yet.
//
// SetResult, SetError and Cancel end it, once: after that, the first two return an
// error, and the third returns false. Result returns an error as long as it is
// pending. The scheduler runs the callbacks; they never run inline.
type Box interface {
	SetResult(value any) error
	SetError(err error) error
	Cancel() bool
	Done() bool
	Result() (any, error)
	AddDoneCallback(fn func())
}

// box is the library's Future as a Box: its AddDoneCallback returns nothing.
type box struct{ *future.Future }

func (b box) AddDoneCallback(fn func()) { b.Future.AddDoneCallback(fn) }

func newBox(s future.Scheduler) Box { return box{future.New(s)} }

// Future judges lesson 05: a box with three states.
var Future = Lesson{
	Number: 5, Name: "future", Code: "future",
	Question: "where is a result that isn't there yet?",
	Able:     "hand out a result before it is there",
	Judges:   "NewFuture", Wrong: wrongFutures, Hints: futureHints, Needs: map[string][]string{"U06": {"U04"}, "U08": {"U04", "U05"}, "U16": {"U04"}},
	Cases: []Case{
		{"U04", "the result comes, and then the callbacks", "everybody who waits must be told, once, when the future is in order again", futureResult},
		{"U01", "asked before the end", "a zero value looks like a result", futurePending},
		{"U02", "a second end", "code that has read the first result would be wrong", futureTwice},
		{"U03", "canceled", "whoever waits for it would wait forever", futureCancel},
		{"U05", "a callback that comes late", "the late caller waits forever, or is called back while it is still asking", futureLate},
		{"U06", "two thousand that end each other", "calls inside calls overflow the stack", futureChain},
		{"U08", "a callback adds another", "a list that changes during a loop over it loses members", futureNested},
		{"U10", "an error instead of a result", "a failure that looks like a result is lost", futureError},
		{"U16", "two at once", "what two futures share, the second one takes away from the first", futureTwo},
	},
}

// queue is the smallest scheduler: turn runs what was called soon.
type queue []func()

func (q *queue) CallSoon(fn func()) { *q = append(*q, fn) }

// mostTurns is more than any case needs; it ends code that would never end.
const mostTurns = 5000

// turn runs what is here now: a round of a loop without a selector.
func (q *queue) turn() {
	batch := *q
	*q = nil
	for _, fn := range batch {
		fn()
	}
}

// drain turns until nothing is left, or mostTurns times, and counts the turns.
func (q *queue) drain() int {
	turns := 0
	for ; len(*q) > 0 && turns < mostTurns; turns++ {
		q.turn()
	}
	return turns
}

// listener notes what a callback finds in a Box, which a queue calls back.
type listener struct {
	queue
	box   Box
	heard []string
}

func listen(impl Impl) *listener {
	l := &listener{}
	l.box = impl.NewFuture(&l.queue)
	return l
}

// after expects these notes once the queue has run dry.
func (l *listener) after(tried string, want ...string) {
	l.drain()
	wantHeard(tried, l.heard, want)
}

// callback makes one that notes its name and the result.
func (l *listener) callback(name string) func() {
	return func() {
		v, err := l.box.Result()
		l.heard = append(l.heard, fmt.Sprintf("%s: %v, %v", name, v, err))
	}
}

func futureResult(impl Impl) {
	l := listen(impl)
	names := []string{"first", "second", "third", "fourth"}
	var want []string
	for _, name := range names {
		l.box.AddDoneCallback(l.callback(name))
		want = append(want, name+": 42, <nil>")
	}
	const pending = "add four callbacks to a pending future"
	handed := len(l.queue)
	if l.drain(); len(l.heard) > 0 {
		fail(pending, fmt.Sprintf("calls %q", l.heard), "none before its end", nil)
	}
	if handed > 0 {
		fail(pending, "something for the scheduler to run", "nothing before its end: a loop with something to run never sleeps", nil)
	}
	noError("SetResult(42) on a pending future", l.box.SetResult(42))
	if len(l.heard) > 0 {
		fail("SetResult(42)", "callbacks that ran inside it", "the scheduler to run them", nil)
	}
	if len(l.queue) == 0 {
		fail("SetResult(42)", "nothing that the scheduler could run", "the callbacks, by CallSoon", nil)
	}
	if !l.box.Done() {
		fail("Done after SetResult(42)", "false", "true", nil)
	}
	if n := len(l.queue); n != len(names) {
		fail("SetResult(42), with four callbacks", fmt.Sprintf("%d calls of CallSoon", n), "one for each, so that a callback that panics costs the others nothing", nil)
	}
	l.turn()
	wantHeard("SetResult(42), and then one of the scheduler's turns", l.heard, want)
}

func futurePending(impl Impl) {
	b := impl.NewFuture(&queue{})
	if b.Done() {
		fail("Done of a pending future", "true", "false", nil)
	}
	_, err := b.Result()
	refused("Result of a pending future", err, future.ErrNotReady)
	noError("SetResult(nil) after that", b.SetResult(nil)) // nil is a result too
	if v, err := b.Result(); err != nil || v != nil {
		fail("Result after SetResult(nil)", fmt.Sprintf("%v and %s", v, trial.Said(err)), "nil and no error", err)
	}
	b = impl.NewFuture(&queue{})
	noError("SetResult(io.EOF) on another one", b.SetResult(io.EOF)) // a value like any other
	if v, err := b.Result(); err != nil || v != io.EOF {
		fail("Result after SetResult(io.EOF)", fmt.Sprintf("%v and %s", v, trial.Said(err)), "io.EOF as the value, and no error", err)
	}
}

// ends are the three ways to end a Box, each with what Result then says.
var ends = []struct {
	name string
	end  func(Box) error // nil if it did
	want string
}{
	{"SetResult(1)", func(b Box) error { return b.SetResult(1) }, "1, <nil>"},
	{"SetResult(nil)", func(b Box) error { return b.SetResult(nil) }, "<nil>, <nil>"},
	{"SetError(io.EOF)", func(b Box) error { return b.SetError(io.EOF) }, "<nil>, EOF"},
	{"Cancel", func(b Box) error {
		if b.Cancel() {
			return nil
		}
		return future.ErrDone
	}, "<nil>, canceled"},
}

func futureTwice(impl Impl) {
	for _, first := range ends {
		for _, second := range ends {
			l := listen(impl)
			l.box.AddDoneCallback(l.callback("woken"))
			l.box.AddDoneCallback(l.callback("and another"))
			_ = first.end(l.box)
			tried := second.name + " after " + first.name
			refused(tried, second.end(l.box), future.ErrDone)
			if !l.box.Done() {
				fail("Done after "+first.name, "false", "true", nil)
			}
			l.after(tried, "woken: "+first.want, "and another: "+first.want)
		}
	}
}

func futureCancel(impl Impl) {
	l := listen(impl)
	l.box.AddDoneCallback(l.callback("woken"))
	if !l.box.Cancel() {
		fail("Cancel of a pending future", "false", "true", nil)
	}
	_, err := l.box.Result()
	wantError("Result after Cancel", err, future.ErrCanceled)
	if !l.box.Done() {
		fail("Done after Cancel", "false", "true: a canceled future has ended", nil)
	}
	l.after("Cancel, and then the scheduler's turns", "woken: <nil>, canceled")
	if b := impl.NewFuture(&queue{}); !b.Cancel() || !b.Done() {
		fail("Cancel of a pending future without callbacks", "a future that isn't canceled", "true, and a future that is done", nil)
	}
	b := impl.NewFuture(&queue{})
	noError("SetError(future.ErrCanceled) on a pending future", b.SetError(future.ErrCanceled))
	_, err = b.Result()
	wantError("Result after that", err, future.ErrCanceled)
}

func futureLate(impl Impl) {
	for _, first := range ends {
		l := listen(impl)
		_ = first.end(l.box)
		tried := "AddDoneCallback, twice, after " + first.name
		for _, name := range []string{"late", "later"} {
			l.box.AddDoneCallback(func() { l.heard = append(l.heard, name) })
		}
		if len(l.heard) > 0 {
			fail(tried, "a callback that ran inside it", "the scheduler to run it", nil)
		}
		l.turn()
		wantHeard(tried+", and then one turn of the scheduler", l.heard, []string{"late", "later"})
		l.after(tried+", and then more turns of the scheduler", "late", "later")
	}
}

// futureChain counts how deeply the calls are nested, instead of letting them
// overflow the stack, which nothing survives.
func futureChain(impl Impl) {
	const many = 2000
	q := &queue{}
	depth, deepest, ended := 0, 0, 0
	first := impl.NewFuture(q)
	for b, n := first, 0; n < many; n++ {
		next := impl.NewFuture(q)
		b.AddDoneCallback(func() {
			depth++
			deepest = max(deepest, depth)
			ended++
			_ = next.SetResult(n)
			depth--
		})
		b = next
	}
	_ = first.SetResult(nil)
	q.drain()
	switch {
	case ended != many:
		fail(fmt.Sprintf("let each of %d futures end the next", many), fmt.Sprintf("%d callbacks", ended), "all of them", nil)
	case deepest > 1:
		fail(fmt.Sprintf("let each of %d futures end the next", many), fmt.Sprintf("callbacks nested %d deep", deepest), "one after the other", nil)
	}
}

func futureNested(impl Impl) {
	l, added := listen(impl), false
	l.box.AddDoneCallback(func() {
		l.callback("first")()
		if !added { // once, or code that calls it again and again would fill the memory
			added = true
			l.box.AddDoneCallback(l.callback("added"))
		}
	})
	l.box.AddDoneCallback(l.callback("second"))
	trial.Must(l.box.SetResult(7))
	l.after("a callback adds another one", "first: 7, <nil>", "second: 7, <nil>", "added: 7, <nil>")
}

func futureError(impl Impl) {
	l := listen(impl)
	l.box.AddDoneCallback(l.callback("woken"))
	refused("SetError(nil)", l.box.SetError(nil), future.ErrNilError)
	if l.box.Done() {
		fail("Done after SetError(nil)", "true", "false", nil)
	}
	noError("SetError(io.EOF) on a pending future", l.box.SetError(io.EOF))
	if !l.box.Done() {
		fail("Done after SetError(io.EOF)", "false", "true", nil)
	}
	_, err := l.box.Result()
	wantError("Result after SetError(io.EOF)", err, io.EOF)
	l.after("SetError(io.EOF), and then the scheduler's turns", "woken: <nil>, EOF")
	b := impl.NewFuture(&queue{})
	noError("SetError(future.ErrNotReady) on a pending future", b.SetError(future.ErrNotReady)) // it may be another future's
	_, err = b.Result()
	wantError("Result after SetError(future.ErrNotReady)", err, future.ErrNotReady)
	if !b.Done() {
		fail("Done after SetError(future.ErrNotReady)", "false", "true: it has ended, with an error like any other", nil)
	}
}

// futureTwo ends two, which have callbacks of their own, one after the other.
func futureTwo(impl Impl) {
	a, b := listen(impl), listen(impl)
	a.box.AddDoneCallback(a.callback("a"))
	b.box.AddDoneCallback(b.callback("b"))
	trial.Must(a.box.SetResult(1))
	if b.box.Done() {
		fail("end one of two futures", "both to be done", "only the one", nil)
	}
	a.after("end one of two futures, and look at its callbacks", "a: 1, <nil>")
	b.after("end one of two futures, and look at the callbacks of the other")
	trial.Must(b.box.SetResult(2))
	b.after("end the other future too, and look at its callbacks", "b: 2, <nil>")
	if v, err := a.box.Result(); v != 1 || err != nil {
		fail("end two futures, and look at the result of the first", fmt.Sprintf("%v and %s", v, trial.Said(err)), "1 and no error", err)
	}
}
