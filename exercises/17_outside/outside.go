// Package outside is the exercise of lesson 17: who wakes a loop that sleeps?
package outside

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
)

// NewWakingLoop makes a loop on p that other goroutines may wake. If p refuses its pipe, it
// closes both ends and returns p's error. The loop has three methods:
//
// CallSoonThreadsafe(fn) has Round run fn. Any goroutine may call it, even a callback of the
// loop's own.
//
//  1. It never blocks, however many calls there are: a pipe holds 64 KiB, and a full one is
//     no error.
//  2. Each call runs once. Those of one goroutine run in their order.
//  3. After Close it returns an error, never runs fn, and writes to no descriptor. A Close
//     that comes while it is about to write waits for it.
//
// Round sleeps until a call has come, in one Select without a limit. Then it runs all calls
// that have come, on the goroutine that called Round; there may be none.
//
//  4. No wake-up is lost: a call that comes just before the sleep, during it, while Round
//     empties the pipe, or while a callback runs, is run in this round or ends the next
//     sleep.
//  5. What a callback adds waits for the next round.
//  6. When everything has run, the next Round sleeps again.
//  7. If Select fails, Round returns its error. The calls that have come aren't lost: the
//     next Round runs them, if this one doesn't.
//
// Close unregisters your pipe and closes both of its ends. A second Close does nothing. p
// belongs to the caller, and stays open.
//
// unix.Pipe2(p[:], unix.O_NONBLOCK|unix.O_CLOEXEC) makes a pipe: what is written to p[1] can
// be read from p[0].
func NewWakingLoop(p lesson.Poller) (lesson.WakingLoop, error) {
	return nil, lesson.ErrTODO
}

// RunInThread calls fn in another goroutine, and pauses the task until fn has returned. It
// returns fn's result, or its error.
//
//  1. Other tasks run meanwhile, and the loop sleeps if there are none. Don't ask in turns
//     whether fn has ended.
//  2. The goroutine may touch nothing of the loop but its CallSoonThreadsafe.
//  3. If the task is canceled, it returns that error at once. fn goes on, and its result is
//     thrown away.
//  4. While it waits, the loop knows by l.Hold() that something will come from outside;
//     afterwards, however it ended, the loop no longer counts on that.
//  5. Any number of functions run at the same time.
//
// task.LoopOf(yield) is the loop.
func RunInThread(yield coro.Yield, fn func() (any, error)) (any, error) {
	return nil, lesson.ErrTODO
}
