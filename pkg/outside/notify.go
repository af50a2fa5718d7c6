package outside

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// What Notify refuses, and what Next ends with after Close.
var (
	ErrNoSignal = errors.New("no signal is named")
	ErrUncaught = errors.New("no program can catch it")
	ErrNilLoop  = errors.New("loop is nil")
	ErrClosed   = errors.New("signals are not listened to any more")
)

// mostPending is how many signals are kept that no task has asked for. Those
// beyond are dropped, as the kernel merges equal signals that wait.
const mostPending = 16

// Signals are the signals that Notify has asked for, in the order in which they
// came.
//
// Invariants: pending and waiters are never both non-empty; the loop is held once
// for each call of Next that waits; the goroutine lives until Close.
type Signals struct {
	loop    *loop.Loop
	arrives chan os.Signal
	done    chan struct{} // closed when the goroutine has ended
	pending []os.Signal   // nobody has asked for them yet
	waiters []*future.Future
	closed  bool
}

// Notify has the program's signals of the kinds given delivered on l, to the tasks
// that call Next, until Close: asyncio's add_signal_handler. Meanwhile they don't
// end the program. A second Notify for the same signal gets it as well. They are
// closed with the loop.
//
// Errors: ErrNoSignal if none is given, ErrUncaught for SIGKILL and SIGSTOP,
// ErrNilLoop, loop.ErrClosed. Only the loop's goroutine may call it.
func Notify(l *loop.Loop, signals ...os.Signal) (*Signals, error) {
	if err := check(l, signals); err != nil {
		return nil, fmt.Errorf("outside: notify: %w", err)
	}
	s := &Signals{loop: l, arrives: make(chan os.Signal, mostPending), done: make(chan struct{})}
	signal.Notify(s.arrives, signals...)
	l.Site().Own((*ownedSignals)(s))
	go s.carry()
	return s, nil
}

func check(l *loop.Loop, signals []os.Signal) error {
	switch {
	case l == nil:
		return ErrNilLoop
	case l.Closed():
		return loop.ErrClosed
	case len(signals) == 0: // to package signal that would be all of them, the runtime's own included
		return ErrNoSignal
	}
	for _, sig := range signals {
		switch sig {
		case nil:
			return ErrNoSignal
		case syscall.SIGKILL, syscall.SIGSTOP:
			return fmt.Errorf("%v: %w", sig, ErrUncaught)
		}
	}
	return nil
}

// carry is the goroutine that brings signals to the loop.
func (s *Signals) carry() {
	defer close(s.done)
	for sig := range s.arrives {
		_ = s.loop.CallSoonThreadsafe(func() { s.deliver(sig) }) // a closed loop has no use for it
	}
}

// deliver is where a signal arrives on the loop.
func (s *Signals) deliver(sig os.Signal) {
	if !s.closed && len(s.pending) < mostPending {
		s.pending = append(s.pending, sig)
		s.handOut()
	}
}

// handOut gives what is pending to those who wait, both in their order.
func (s *Signals) handOut() {
	for len(s.pending) > 0 && len(s.waiters) > 0 {
		f := s.waiters[0]
		s.waiters = s.waiters[1:]
		if f.SetResult(s.pending[0]) == nil { // not cancelled meanwhile
			s.pending = s.pending[1:]
		}
	}
}

// Next waits for a signal, and returns it. What came before anybody asked is not
// lost: up to 16 signals are kept. Of several tasks that wait, the first gets it.
//
// Errors: ErrClosed after Close, for those who wait now too; task.ErrNoTask for a
// nil yield; future.ErrCanceled, and then the signal is another's.
func (s *Signals) Next(yield coro.Yield) (os.Signal, error) {
	sig, err := s.next(yield)
	if err != nil {
		return nil, fmt.Errorf("outside: next signal: %w", err)
	}
	return sig, nil
}

func (s *Signals) next(yield coro.Yield) (os.Signal, error) {
	switch {
	case yield == nil:
		return nil, task.ErrNoTask
	case s.closed:
		return nil, ErrClosed
	case len(s.pending) > 0:
		sig := s.pending[0]
		s.pending = s.pending[1:]
		return sig, nil
	}
	defer s.loop.Hold()()
	f := future.New(s.loop)
	f.Name(aSignal{})
	s.waiters = append(s.waiters, f)
	sig, err := task.AwaitAs[os.Signal](yield, f)
	if err != nil {
		s.giveUp(f)
	}
	return sig, err
}

// giveUp ends a wait that was cancelled. If that was in the round in which the
// signal came, it is the next one's: a SIGTERM must not be lost.
func (s *Signals) giveUp(f *future.Future) {
	s.waiters = slices.DeleteFunc(s.waiters, func(other *future.Future) bool { return other == f })
	if sig, err := f.Result(); err == nil && !s.closed {
		s.pending = slices.Insert(s.pending, 0, sig.(os.Signal))
		s.handOut()
	}
}

// Close ends what Notify began: unless another asks for it, a signal does again what
// it does by default, end the program for instance, and who waits gets ErrClosed.
// What nobody has asked for is dropped. A second Close does nothing. Only the loop's goroutine may call it.
func (s *Signals) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	signal.Stop(s.arrives) // from here on nobody sends
	close(s.arrives)
	<-s.done
	s.loop.Site().Disown((*ownedSignals)(s))
	s.pending = nil
	for _, f := range s.waiters {
		_ = f.SetError(ErrClosed)
	}
	s.waiters = nil
	return nil
}

// ownedSignals is the side of Signals that only its loop sees.
type ownedSignals Signals

// Close closes Signals that were still open when their loop closed.
func (o *ownedSignals) Close() error { return (*Signals)(o).Close() }

// aSignal is what a task that calls Next waits for.
type aSignal struct{}

func (aSignal) String() string { return "a signal" }
