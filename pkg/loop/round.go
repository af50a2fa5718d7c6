package loop

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"time"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// Run runs rounds until Stop, and then returns nil: asyncio's run_forever. What is
// still scheduled stays scheduled for the next Run. Errors are *DeadlockError, ErrClosed,
// ErrRunning if the loop runs already, in this goroutine or another,
// *InterruptedError, and the selector's.
func (l *Loop) Run() error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.leave()
	for {
		err := l.round()
		stopped := l.stopping.Swap(false) // even if an error ends Run: the Stop must not end the next one
		if err == nil {
			err = l.interruption()
		}
		if stopped || err != nil {
			return err
		}
	}
}

// Round runs one round: asyncio's _run_once. It sleeps until there is a reason to run
// something, then runs what is ready. After a Stop it doesn't sleep, until a Run has
// taken the Stop. Errors are those of Run.
func (l *Loop) Round() error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.leave()
	if err := l.round(); err != nil {
		return err
	}
	return l.interruption()
}

func (l *Loop) enter() error {
	if !l.running.CompareAndSwap(false, true) {
		return fmt.Errorf("loop: run: %w", ErrRunning)
	}
	if l.state != open {
		l.running.Store(false)
		return fmt.Errorf("loop: run: %w", ErrClosed)
	}
	l.processors = int64(runtime.GOMAXPROCS(0))
	l.listRunning(true)
	return nil
}

func (l *Loop) leave() {
	l.site.Rest()
	l.listRunning(false)
	l.mu.Lock() // an Interrupt comes before or after, never in between: none is left for the next Run
	defer l.mu.Unlock()
	l.interrupted.Store(false)
	l.tell.Store(nil)
	l.running.Store(false)
}

// round is the whole engine: sleep, collect the reasons, run.
//
// # The order of a round
//
// Three kinds of reasons make a callback ready, and they come in this order:
// descriptors, calls from other goroutines, timers. All of them join the ready queue
// behind what the last round has left there. The order between the kinds is asyncio's
// for descriptors and timers, and a program may not rely on it. These four rules are
// what it may rely on:
//
//  1. A callback that schedules another one runs before it, in an earlier round.
//     A round takes what is ready when its first callback begins. It is tempting to go
//     on until the queue is empty, which saves a call of select. A callback that
//     schedules itself would then keep select from being called: no descriptor, no
//     timer and no signal would ever get its turn, and everything looks busy.
//  2. Callbacks for one reason run in the order in which they were scheduled. Timers
//     run in the order of their times, those of one time in the order of their calls.
//     Code that writes a head and then a body relies on that.
//  3. A timer or a watch that is taken back doesn't run, even in the same round. A
//     callback may close the descriptor whose own callback is next; that one would read
//     from a number that may belong to another file by now. So their turns lead to an
//     entry that can be emptied, and not to the function itself.
//  4. Timers are looked at after select, by a clock that is read once. So a timer that
//     became due while select slept runs in this round, and one that becomes due while
//     the round runs waits for the next: a round ends, however long it takes.
//
// Calls from outside are taken after select for a reason of their own: what arrives
// from then on finds the loop awake, and the next select is told not to sleep. Taken
// before it, a call that arrived in between would wait until something else happened.
func (l *Loop) round() error {
	timeout, err := l.timeout()
	if err != nil {
		return err
	}
	l.rounds++
	ready, err := l.sleep(timeout)
	for _, r := range ready {
		l.queueWatch(r.FD, r.Data.(*watch), r.Events)
	}
	l.queueOutside()
	l.queueDue()
	l.runReady()
	if err != nil {
		return fmt.Errorf("loop: %w", l.explain(err))
	}
	return nil
}

// sleep is the only place where the program waits.
func (l *Loop) sleep(timeout time.Duration) ([]selector.Ready, error) {
	if l.keeper != nil {
		l.keeper.KeepProcessor(l.mayKeep())
	}
	e := l.events
	if e == nil {
		return l.selector.Select(timeout)
	}
	e.Sleep(timeout)
	ready, err := l.selector.Select(timeout)
	e.Woke(len(ready))
	return ready, err
}

// explain turns the fake selector's refusal to sleep forever into the loop's error.
func (l *Loop) explain(err error) error {
	if errors.Is(err, selector.ErrNeverReady) {
		return l.deadlock()
	}
	return err
}

// timeout says how long select may sleep: not at all if there is something to run,
// otherwise until the next timer, or without a limit if there is none. From now on,
// news must wake the loop.
func (l *Loop) timeout() (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) > 0 || len(l.outside) > 0 || l.stopping.Load() || l.interrupted.Load() {
		return 0, nil
	}
	if l.world != nil && l.holds.Load() > 0 { // its clock would run ahead of the work outside
		return 0, fmt.Errorf("loop: run: %w", l.world.Impossible("Hold, waiting for work outside"))
	}
	if len(l.watches) == 0 && l.holds.Load() == 0 && !l.timers.awaited() {
		return 0, fmt.Errorf("loop: run: %w", l.deadlock())
	}
	timeout := time.Duration(-1)
	if when, ok := l.timers.next(); ok {
		timeout = until(when, l.clock.Now())
	}
	l.asleep = timeout != 0
	return timeout, nil
}

// until is when-now, kept between 0 and the end of time: the two may be so far apart
// that the difference overflows.
func until(when, now time.Duration) time.Duration {
	if when <= now {
		return 0
	}
	if left := when - now; left > 0 {
		return left
	}
	return math.MaxInt64
}

// queueOutside comes after select: calls that arrive from now on are seen before the
// next select sleeps, so none is lost in between.
func (l *Loop) queueOutside() {
	l.mu.Lock()
	calls := l.outside
	l.outside, l.asleep, l.woken = nil, false, false
	l.mu.Unlock()
	for _, c := range calls {
		l.queue(handle{fn: c.fn}, probe.Outside, -1, c.by)
	}
}

// runReady runs what is ready now; what is queued meanwhile waits for the next round.
// If a callback ends the goroutine (runtime.Goexit), the callbacks behind it stay for
// the next Run.
func (l *Loop) runReady() {
	batch, done := l.ready, 0
	l.ready = l.spare[:0]
	defer func() {
		if done < len(batch) {
			l.ready = append(append([]handle{}, batch[done:]...), l.ready...)
		}
		clear(batch)
		l.spare = batch[:0]
	}()
	for done < len(batch) {
		done++
		l.call(batch[done-1])
	}
}

// call is the only place where callbacks run.
func (l *Loop) call(h handle) {
	returned := false
	l.tellBegan(h)
	defer func() {
		l.tellReturned(h)
		if returned {
			return
		}
		if v := recover(); v != nil {
			l.CallExceptionHandler(Exception{"callback panicked", asError(v), debug.Stack()})
			return
		}
		l.CallExceptionHandler(Exception{"callback ended the loop's goroutine", errGoexit, nil})
	}()
	if fn := h.take(); fn != nil {
		fn()
	} else {
		l.tellSkipped(h)
	}
	returned = true
}
