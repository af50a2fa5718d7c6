// Package together is the exercise of lesson 13: gather, and a semaphore.
package together

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/lesson"
	"stepwise/pkg/task"
)

// Gather waits for all of as, which run already, and returns their results in the order
// of the arguments. Begin with it: the semaphore is not judged before.
//
//  1. Wait for one Future of your own, on the loop of the task that calls,
//     task.LoopOf(yield). A done-callback of each argument counts, and ends it.
//  2. Without arguments, return at once. An argument that is done already, or that
//     stands twice, counts like any other.
//  3. If an argument is nil, return task.ErrNotAwaitable at once.
//  4. When the first one fails, return its error at once. The first is the one whose
//     callback comes first. The others go on. A canceled argument counts as a failed one.
//  5. If your own wait returns an error, your caller was canceled: cancel all arguments,
//     and return that error, even if one of them has failed meanwhile.
func Gather(yield coro.Yield, as ...task.Awaitable) ([]any, error) {
	return nil, lesson.ErrTODO
}

// Semaphore lets a limited number of tasks in at a time.
//
// Give it what it has to remember: how many places are free, and the Futures of those
// that wait, the one that came first in front.
type Semaphore struct{}

// NewSemaphore makes a Semaphore with n places, all of them free. n may be 0.
func NewSemaphore(n int) lesson.Semaphore {
	return &Semaphore{}
}

// Acquire takes a place if one is free. Otherwise it waits for its turn, which Release
// gives by a Future, and has a place then without looking again.
//
// If the task is canceled while it waits, Acquire returns the error, and has no place.
// But if its turn came before it took this step, it has the place already. Then it hands
// the place on, as Release does.
func (s *Semaphore) Acquire(yield coro.Yield) error {
	return lesson.ErrTODO
}

// Release gives a place back. The task that has waited longest gets it, and no other can
// take it before that task runs; a task that was canceled meanwhile is passed over. If
// nobody waits, one more place is free, even if that is more than there were at the start.
func (s *Semaphore) Release() {}
