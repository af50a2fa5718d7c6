package outside

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/wait"
)

// What Notify refuses, and what Next ends with after Close.
var (
	ErrNoSignal = errors.New("no signal is named")
	ErrUncaught = errors.New("no program can catch it")
	ErrClosed   = errors.New("signals are not listened to any more")
)

// mostPending is how many signals are kept that no task has asked for. More are
// dropped, as the kernel merges equal signals that are pending.
const mostPending = 16

// Signals are the signals that Notify has asked for, in the order in which they
// came.
//
// Invariants: the loop is held once for each call of Next that waits; the goroutine
// lives until Close.
type Signals struct {
	loop    *loop.Loop
	arrives chan os.Signal
	done    chan struct{} // closed when the goroutine has ended
	pending *wait.QueueOf[os.Signal]
	deliver func(os.Signal) // on the loop: puts a signal into pending, or calls OnSignal's function
	standIn bool            // listens only until somebody else asks for one of its signals: Main's
	closed  bool
}

// OnSignal calls fn on l, as a callback, each time that one of the given signals comes:
// asyncio's add_signal_handler. Meanwhile they don't end the program. So Ctrl-C can shut a
// server down, as it does in a Server's ListenAndServe:
//
//	stop, err := outside.OnSignal(l, func() { server.Shutdown(drain) }, os.Interrupt)
//	if err != nil {
//		return err
//	}
//	defer stop()
//
// stop ends that, as Signals.Close does. Until then l has something to wait for, so it
// never returns ErrDeadlock. fn must not block. Errors are those of Notify. Only the
// loop's goroutine may call OnSignal and stop; fn may call stop too.
func OnSignal(l *loop.Loop, fn func(), signals ...os.Signal) (stop func(), err error) {
	s, err := onSignal(l, fn, signals...)
	if err != nil {
		return nil, err
	}
	release := l.Expect()
	return func() {
		release()
		_ = s.Close()
	}, nil
}

// onSignal is OnSignal without the hold.
func onSignal(l *loop.Loop, fn func(), signals ...os.Signal) (*Signals, error) {
	if fn == nil {
		return nil, fmt.Errorf("outside: on signal: %w", ErrNilFunc)
	}
	return notify("on signal", l, signals, func(s *Signals, _ os.Signal) {
		if !s.closed { // it was on its way at Close
			fn()
		}
	})
}

// Notify delivers the given signals of the program on l, to the tasks that call Next, until
// Close. Meanwhile they don't end the program. A second Notify or OnSignal for the same
// signal gets it as well. After one for os.Interrupt, Ctrl-C no longer cancels Main's task.
// The Signals are closed with the loop.
//
// Errors: ErrNoSignal if none is given, ErrUncaught for SIGKILL and SIGSTOP,
// loop.ErrNilLoop, loop.ErrClosed. On a loop with a World it is impossible. Only the
// loop's goroutine may call it.
func Notify(l *loop.Loop, signals ...os.Signal) (*Signals, error) {
	return notify("notify", l, signals, func(s *Signals, sig os.Signal) {
		_ = s.pending.PutNowait(sig) // one too many is dropped, and so is one that comes after Close
	})
}

func notify(what string, l *loop.Loop, signals []os.Signal, deliver func(*Signals, os.Signal)) (*Signals, error) {
	if err := check(l, signals); err != nil {
		return nil, fmt.Errorf("outside: %s: %w", what, err)
	}
	s := &Signals{loop: l, arrives: make(chan os.Signal, mostPending), done: make(chan struct{}), pending: wait.NewQueueOf[os.Signal](mostPending)}
	s.deliver = func(sig os.Signal) { deliver(s, sig) }
	s.pending.Bind(l, aSignal{})
	signal.Notify(s.arrives, signals...)
	takeOver(l, signals)
	l.Site().Own((*ownedSignals)(s))
	go s.carry()
	return s, nil
}

// takeOver ends the listening of Main: a program that listens for Ctrl-C says itself what
// happens then.
func takeOver(l *loop.Loop, signals []os.Signal) {
	if !slices.Contains(signals, os.Interrupt) {
		return
	}
	for _, one := range l.Site().Owned() {
		if o, ok := one.(*ownedSignals); ok && o.standIn {
			_ = o.Close()
		}
	}
}

func check(l *loop.Loop, signals []os.Signal) error {
	switch {
	case l == nil:
		return loop.ErrNilLoop
	case l.Closed():
		return loop.ErrClosed
	case l.World() != nil:
		return l.World().Impossible("signals, which come from outside")
	case len(signals) == 0: // package signal takes that for all of them, the runtime's own included
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

// Next waits for a signal, and returns it. Signals that come before a task asks are
// not lost: up to 16 are kept. If several tasks wait, the first one gets it.
//
// Errors: ErrClosed after Close, even for a call that was already waiting;
// task.ErrNoTask for a nil yield; task.ErrOtherLoop; future.ErrCanceled, and then the
// signal is left to the next call.
func (s *Signals) Next(yield coro.Yield) (os.Signal, error) {
	sig, err := s.next(yield)
	if err != nil {
		return nil, fmt.Errorf("outside: next signal: %w", err)
	}
	return sig, nil
}

func (s *Signals) next(yield coro.Yield) (os.Signal, error) {
	if s.closed {
		return nil, ErrClosed
	}
	defer s.loop.Expect()()
	sig, err := s.pending.Get(yield)
	switch {
	case errors.Is(err, wait.ErrShutDown):
		return nil, ErrClosed
	case err != nil:
		return nil, errors.Unwrap(err) // what was tried is ours to say
	}
	return sig, nil
}

// Close ends what Notify began. A signal regains its default action, such as ending the
// program, unless another Notify asks for it. Pending Next calls return ErrClosed. Signals
// that no task has asked for are dropped. Calling it again has no effect. Only the loop's
// goroutine may call it.
func (s *Signals) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	signal.Stop(s.arrives) // from here on nobody sends
	close(s.arrives)
	<-s.done
	s.loop.Site().Disown((*ownedSignals)(s))
	s.pending.Shutdown(false) // a task whose signal has come, and which has not run yet, still gets it
	return nil
}

// ownedSignals is the side of Signals that only its loop sees.
type ownedSignals Signals

// Close closes Signals that were still open when their loop closed.
func (o *ownedSignals) Close() error { return (*Signals)(o).Close() }

// aSignal is what a task that calls Next waits for.
type aSignal struct{}

func (aSignal) String() string { return "a signal" }
