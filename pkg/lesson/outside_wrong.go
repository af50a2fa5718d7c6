package lesson

import (
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

// WRONG ON PURPOSE, each in one way; loop.Loop and outside.Run are right.
var wrongOutside = []Wrong{
	{"runs the call in the goroutine that makes it", wakeFaults{inline: true}.impl(), []string{"O01", "L18", "L15", "O02", "O04", "O03", "O05", "O06", "O09", "L19"}},
	{"wakes nobody", wakeFaults{silent: true}.impl(), []string{"O01", "L18", "L15", "O02", "O04", "O03", "O05", "O06", "O07", "O10", "O09", "O19"}},
	{"clears the wake-up before it sleeps", wakeFaults{clearsFirst: true}.impl(), []string{"O01", "O02", "O04", "O03", "O05", "O06", "O07", "O10", "O09"}},
	{"clears the wake-up when it has run the calls", wakeFaults{clearsLast: true}.impl(), []string{"O04", "O03", "O06", "O09"}},
	{"takes one byte out of the pipe, and leaves the others", wakeFaults{oneByte: true}.impl(), []string{"O05"}},
	{"takes no more than 4096 bytes out of the pipe", wakeFaults{oneRead: true}.impl(), []string{"O05"}},
	{"never clears the wake-up", wakeFaults{keeps: true}.impl(), []string{"O05"}},
	{"takes a full pipe for an error", wakeFaults{fullIsError: true}.impl(), []string{"O06"}},
	{"drops the call when the pipe is full", wakeFaults{fullDrops: true}.impl(), []string{"O06"}},
	{"runs the calls while it holds its lock", wakeFaults{locked: true}.impl(), []string{"O04"}},
	{"goes on in one round until nothing is left to call", wakeFaults{greedy: true}.impl(), []string{"O04", "O03"}},
	{"runs one call a round", wakeFaults{one: true}.impl(), []string{"O02", "O04", "O05", "O06"}},
	{"runs the newest first", wakeFaults{newest: true}.impl(), []string{"O02", "O04", "O10", "O09"}},
	{"forgets what came while it ran the calls", wakeFaults{forgets: true}.impl(), []string{"O04", "O03", "O06"}},
	{"takes calls although it is closed, and says nothing", wakeFaults{takesOn: true}.impl(), []string{"L19"}},
	{"writes to its pipe although it is closed", wakeFaults{writesOn: true}.impl(), []string{"L19"}},
	{"leaves the end of the pipe open to which it writes", wakeFaults{leaks: true}.impl(), []string{"O08", "L19"}},
	{"leaves the closed pipe with the selector", wakeFaults{registered: true}.impl(), []string{"L19"}},
	{"closes the selector, which isn't its own", wakeFaults{closesPoller: true}.impl(), []string{"L19"}},
	{"puts new calls where those lie that it runs", wakeFaults{reuses: true}.impl(), []string{"O04"}},
	{"closes its pipe again", wakeFaults{closesTwice: true}.impl(), []string{"L19"}},
	{"looks every 10 ms whether a call has come", wakeFaults{naps: true}.impl(), []string{"O05"}},
	{"never sleeps", wakeFaults{spins: true}.impl(), []string{"L18", "L15", "O05"}},
	{"overlooks the error of select", wakeFaults{deaf: true}.impl(), []string{"O05", "O07"}},
	{"takes the queue before it clears the wake-up", wakeFaults{takesFirst: true}.impl(), []string{"O09"}},
	{"notes that it is awake again before it has emptied the pipe", wakeFaults{flagsFirst: true}.impl(), []string{"O09"}},
	{"clears the wake-up, and then drops the round because select failed", wakeFaults{clearsInVain: true}.impl(), []string{"O07"}},
	{"forgets the calls when select fails", wakeFaults{dropsInVain: true}.impl(), []string{"O07"}},
	{"wakes the loop before the call is in the queue", wakeFaults{byteFirst: true}.impl(), []string{"O19", "O20"}},
	{"writes to the pipe after it has given its lock free", wakeFaults{unlocked: true}.impl(), []string{"O20"}},
	{"takes a byte out of the pipe for each call that it has run", wakeFaults{byteEach: true}.impl(), []string{"O06", "O09"}},
	{"goes on sleeping in one round until there is a call", wakeFaults{insists: true}.impl(), []string{"O05"}},
	{"doesn't notice that the selector refuses its pipe", wakeFaults{noRefusal: true}.impl(), []string{"O08"}},
	{"leaves a pipe open that the selector refuses", wakeFaults{leaksRefused: true}.impl(), []string{"O08"}},

	{"runs the function on the loop", threadFaults{onLoop: true}.impl(), []string{"O14"}},
	{"blocks the loop until the thread has ended", threadFaults{blocks: true}.impl(), []string{"O14"}},
	{"asks in every round whether the thread has ended", threadFaults{asks: true}.impl(), []string{"O14", "O17", "O18"}},
	{"asks every millisecond whether the thread has ended", threadFaults{naps: true}.impl(), []string{"O14"}},
	{"ends a Future in the thread", threadFaults{ends: true}.impl(), []string{"O11", "O12", "O14", "O17", "O18", "O13", "O15"}},
	{"drops the error", threadFaults{noError: true}.impl(), []string{"O12"}},
	{"drops the result", threadFaults{noResult: true}.impl(), []string{"O11", "O14"}},
	{"tells the loop of nobody that it waits for", threadFaults{noHold: true}.impl(), []string{"O17", "O18"}},
	{"counts on the thread for good", threadFaults{holds: true}.impl(), []string{"O18"}},
	{"takes its Hold back at once", threadFaults{holdsNot: true}.impl(), []string{"O17", "O18"}},
	{"takes its Hold back when the thread has ended", threadFaults{holdsThread: true}.impl(), []string{"O18"}},
	{"takes its Hold back only when all goes well", threadFaults{holdsCanceled: true}.impl(), []string{"O18"}},
	{"goes on waiting when it is canceled", threadFaults{insists: true}.impl(), []string{"O18", "O16"}},
	{"returns no error when it is canceled", threadFaults{swallows: true}.impl(), []string{"O18", "O16"}},
	{"runs one function at a time", threadFaults{one: new(sync.Mutex)}.impl(), []string{"O15"}},
}

type wakeFaults struct {
	inline, silent, clearsFirst, clearsLast, oneByte, keeps, fullIsError, fullDrops, locked, greedy, one, newest bool
	forgets, takesOn, writesOn, leaks, closesTwice, naps, spins, deaf, oneRead, registered, closesPoller, reuses bool
	takesFirst, flagsFirst, clearsInVain, dropsInVain, byteFirst, unlocked, byteEach, insists                    bool
	noRefusal, leaksRefused                                                                                      bool
}

func (f wakeFaults) impl() Impl {
	return Impl{NewWakingLoop: func(p Poller) (WakingLoop, error) {
		ends, err := newPipe()
		if err != nil {
			return nil, err
		}
		l := &wrongWaking{wakeFaults: f, poller: p, r: ends[0], w: ends[1]}
		err = p.Register(ends[0], selector.Read, nil)
		if err == nil || f.noRefusal {
			return l, nil
		}
		if !f.leaksRefused {
			_ = l.Close()
		}
		return nil, err
	}}
}

type wrongWaking struct {
	wakeFaults
	poller Poller
	r, w   int

	mu     sync.Mutex
	calls  []func()
	closed bool
	woken  bool // with flagsFirst
}

func (l *wrongWaking) CallSoonThreadsafe(fn func()) error {
	if l.inline {
		fn()
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		if l.writesOn {
			_, _ = unix.Write(l.w, []byte{0})
		}
		if l.takesOn {
			return nil
		}
		return errors.New("the loop is closed")
	}
	switch {
	case l.byteFirst:
		l.wakeUnlocked()
		l.calls = append(l.calls, fn)
		return nil
	case l.unlocked:
		l.calls = append(l.calls, fn)
		l.wakeUnlocked()
		return nil
	}
	err := l.wake()
	if err != nil && l.fullDrops {
		return nil
	}
	l.calls = append(l.calls, fn)
	if l.fullIsError {
		return err
	}
	return nil
}

// wakeUnlocked gives the lock free while it writes.
func (l *wrongWaking) wakeUnlocked() {
	l.mu.Unlock()
	defer l.mu.Lock()
	_ = l.wake()
}

func (l *wrongWaking) wake() error {
	if l.silent || l.flagsFirst && l.woken {
		return nil
	}
	if l.flagsFirst {
		l.woken = true
	}
	_, err := unix.Write(l.w, []byte{0})
	return err
}

func (l *wrongWaking) Round() error {
	if l.clearsFirst {
		l.clear()
	}
	if err := l.sleep(); err != nil && !l.deaf {
		return err
	}
	switch {
	case l.takesFirst:
		calls := l.take()
		l.clear()
		l.runAll(calls)
	case l.clearsLast:
		l.run()
		l.clear()
	case l.byteEach:
		l.run()
	default:
		l.clear()
		l.run()
	}
	return nil
}

func (l *wrongWaking) sleep() error {
	timeout := time.Duration(-1)
	switch {
	case l.spins:
		timeout = 0
	case l.naps:
		timeout = 10 * time.Millisecond
	}
	for {
		_, err := l.poller.Select(timeout)
		if err != nil && l.dropsInVain {
			l.take()
		}
		if err != nil && l.clearsInVain || err == nil && l.insists {
			l.clear()
		}
		if err != nil || !l.insists || l.called() {
			return err
		}
	}
}

func (l *wrongWaking) called() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.calls) > 0
}

// clear takes the wake-ups out of the pipe.
func (l *wrongWaking) clear() {
	if l.flagsFirst {
		l.mu.Lock()
		l.woken = false
		l.mu.Unlock()
	}
	size := 4096
	switch {
	case l.keeps:
		return
	case l.oneByte:
		_, _ = unix.Read(l.r, make([]byte, 1))
		return
	}
	for n := size; n == size; {
		if n, _ = unix.Read(l.r, make([]byte, size)); l.oneRead {
			return
		}
	}
}

func (l *wrongWaking) run() {
	for {
		calls := l.take()
		l.runAll(calls)
		if l.locked {
			l.mu.Unlock()
		}
		if l.forgets {
			l.take()
		}
		if !l.greedy || len(calls) == 0 {
			return
		}
	}
}

func (l *wrongWaking) runAll(calls []func()) {
	for _, fn := range calls {
		fn()
		if l.byteEach {
			_, _ = unix.Read(l.r, make([]byte, 1))
		}
	}
}

// take empties the queue.
func (l *wrongWaking) take() (calls []func()) {
	l.mu.Lock()
	if !l.locked {
		defer l.mu.Unlock()
	}
	calls, l.calls = l.calls, nil
	if l.one && len(calls) > 1 {
		calls, l.calls = calls[:1], calls[1:]
		_ = l.wake()
	}
	if l.reuses {
		l.calls = calls[:0]
	}
	if l.newest {
		slices.Reverse(calls)
	}
	return calls
}

func (l *wrongWaking) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed && !l.closesTwice {
		return nil
	}
	l.closed = true
	if !l.registered {
		_ = l.poller.Unregister(l.r)
	}
	if l.closesPoller {
		_ = l.poller.Close()
	}
	_ = unix.Close(l.r)
	if !l.leaks {
		_ = unix.Close(l.w)
	}
	return nil
}
