package lesson

// More of lesson 17's cases: what becomes of the loop's pipe, and what a call meets that
// comes between two steps of the loop. Read outside.go and outside_gate.go first.

import (
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

func outsideCloses(o *outsider) {
	o.call(o.note("a"))
	noError("close", o.Close())
	if left := o.selector.open(o.selector.links); left != "" {
		fail("close, and look for the pipe", left+" still open", "both of its ends closed", nil)
	}
	p, err := newPipe()
	trial.Must(err)
	defer unix.Close(p[0])
	defer unix.Close(p[1])
	for _, fd := range o.selector.watched {
		if err := o.selector.Selector.Unregister(fd); !errors.Is(err, selector.ErrNotRegistered) {
			fail("close, and look for the pipe in the selector", trial.Said(err), "a selector that is open, and no longer has the pipe", err)
		}
	}
	refused("CallSoonThreadsafe after Close", o.CallSoonThreadsafe(o.note("b")), nil)
	if n, _ := unix.Read(p[0], make([]byte, 1)); n > 0 {
		fail("CallSoonThreadsafe after Close, when its number belongs to somebody else", "a byte in somebody else's pipe", "nothing written", nil)
	}
	noError("close again", o.Close())
	for _, fd := range p {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			fail("close again", "somebody else's pipe closed", "nothing closed: the numbers belong to somebody else by now", err)
		}
	}
	o.heard("call, close, call", []string{}...)
}

func outsideRefused(impl Impl) {
	const tried = "make a loop whose selector refuses the pipe"
	s, err := selector.New()
	trial.Must(err)
	defer s.Close()
	d := &doorway{Selector: s, refuses: unix.ENOSPC}
	l, err := impl.NewWakingLoop(d)
	if len(d.watched) == 0 { // the selector has a wake-up of its own, and the loop uses that
		trial.Must(err)
		_ = l.Close()
		return
	}
	wantError(tried, err, unix.ENOSPC)
	if left := d.open(d.links); left != "" {
		fail(tried, left+" still open", "both of its ends closed", nil)
	}
}

func outsideFails(o *outsider) {
	const tried = "a round, when a call has come, and select fails"
	o.call(o.note("a"))
	o.selector.instead = func() error { return errSelect }
	wantError(tried, o.Round(), errSelect)
	o.again("a")
	o.heard(tried+"; and one more if it hasn't run the call", "a")
}

var errSelect = errors.New("select failed")

func outsideEmpties(o *outsider) {
	const tried = "a call from outside while the loop empties its pipe"
	o.call(o.note("a"))
	gates := make(chan *gate, 1)
	o.selector.after = func() { gates <- shut(o.selector.reads()) }
	round, ran := aside(func() error { defer close(gates); return o.Round() })
	called := new(error)
	g := <-gates
	if g != nil && round.Stops("read") {
		var call *trial.Aside
		call, called = aside(func() error { return o.CallSoonThreadsafe(o.note("b")) })
		if call.Rests(); call.Over() { // it doesn't wait for a lock that the round has
			g.swallow()
		}
		g.open()
		call.End()
	} else {
		o.note("b")()
	}
	round.End()
	g.restore()
	noError("a round, after a call from outside", *ran)
	noError(tried, *called)
	o.again("b")
	o.heard(tried, "a", "b")
	o.call(o.note("c"))
	o.round("a round after that, and after one more call")
	o.heard("one more call after that", "c")
}

// aside runs fn on a goroutine of its own, and keeps its error.
func aside(fn func() error) (*trial.Aside, *error) {
	err := new(error)
	return trial.Beside(func() { *err = fn() }), err
}

func outsideHalfway(o *outsider) {
	const tried = "a call from outside, and a round before it is over"
	g := shut(o.selector.writes())
	call, called := aside(func() error { return o.CallSoonThreadsafe(o.note("a")) })
	ran := new(error)
	if g != nil && call.Stops("write") {
		o.selector.instead = func() error { return nil }
		var round *trial.Aside
		round, ran = aside(o.Round)
		round.Rests()
		g.open()
		round.End()
	}
	g.open()
	call.End()
	g.restore()
	noError(tried, errors.Join(*called, *ran))
	o.again("a")
	o.heard(tried, "a")
}

func outsideOvertaken(o *outsider) {
	const tried = "close while a call in another goroutine is about to write its byte"
	g := shut(o.selector.writes())
	call, _ := aside(func() error { return o.CallSoonThreadsafe(func() {}) })
	if g == nil || !call.Stops("write") {
		g.open()
		call.End()
		g.restore()
		return
	}
	closing, closed := aside(o.Close)
	closing.Rests()
	overtaken := closing.Over()
	g.open()
	call.End()
	closing.End()
	g.leave()
	noError(tried, *closed)
	if overtaken {
		fail(tried, "a Close that overtakes the call", "a Close that waits for it", nil)
	}
}

// newPipe makes a pipe that doesn't block. Pipe2 would do it at once, where there is one.
func newPipe() (ends [2]int, err error) {
	if err = unix.Pipe(ends[:]); err != nil {
		return ends, err
	}
	for _, fd := range ends {
		unix.CloseOnExec(fd)
		err = errors.Join(err, unix.SetNonblock(fd, true))
	}
	return ends, err
}
