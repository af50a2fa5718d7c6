// Package time is the exercise of lesson 14: how long may select sleep?
package time

import (
	"time"

	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// Loop runs callbacks when their time has come.
//
// Give it what it has to remember: its selector and its clock, the queue of callbacks
// that are ready to run, and a heap of timers. Package container/heap keeps the heap in
// order.
type Loop struct{}

// New makes a loop on s. Its time is what clock says, never time.Now.
func New(s selector.Selector, clock loop.Clock) lesson.TimedLoop {
	return &Loop{}
}

// CallSoon puts fn behind all that is ready. It runs in the next round, and not in here.
func (l *Loop) CallSoon(fn func()) {}

// CallLater has fn run in the first round in which d has passed since now, and never in
// here.
//
//  1. Timers run in the order of their times, and those of one time in the order of the
//     calls. It doesn't matter how late they are.
//  2. A d of less than 0 counts as 0. It is due in the next round.
//  3. If now and d together are more than the clock can count, the timer is due at the
//     latest time there is.
//  4. cancel keeps fn from running, even if an earlier callback of the same round calls it,
//     and reports whether it did. It returns false if fn has begun to run, or was
//     canceled before.
func (l *Loop) CallLater(d time.Duration, fn func()) (cancel func() bool) {
	return nil
}

// Round selects once, puts the callbacks of all timers that are due into the queue, behind
// what is there, and runs what is in the queue. What is called soon or becomes due
// meanwhile waits for the next round.
//
//  1. If the queue holds something, or a timer is due, it selects with a time of 0.
//  2. Otherwise it selects with the time that is left until the first timer that is not
//     canceled. Hand it over as it is: the selector rounds up.
//  3. Without such a timer it selects with a negative time, which means no limit.
//  4. Select may return early. The clock alone says which timers are due.
//  5. If select fails, Round returns its error.
func (l *Loop) Round() error {
	return lesson.ErrTODO
}

// WaitFor returns a Future of its own at once. That ends as f does: with its value, with
// its error, or canceled, for the same reason (SetError does that for the error of a
// cancellation). But if f is still pending when d has passed since the call, it ends with
// os.ErrDeadlineExceeded.
//
//  1. f is left alone: others may wait for it, so it stays pending when the time is over.
//  2. If f ends in the round in which the time is over, its result wins, whichever came
//     first. So look whether f is done when that round is over.
//  3. A limit of 0 or less is over in the next round. If f is done, its result wins here
//     too.
//  4. However the returned Future ends, even if the caller cancels it, nothing is left
//     behind: no timer on the loop, and no callback on f.
//  5. Don't ask f again and again: until it ends, or the time is over, the loop sleeps.
func (l *Loop) WaitFor(f *future.Future, d time.Duration) *future.Future {
	return nil
}
