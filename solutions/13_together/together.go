// Package together is a solution of lesson 13: gather, and a semaphore.
package together

import (
	"slices"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
	"stepwise/pkg/task"
)

// Gather waits for all of as, and returns their results in the order of the arguments, or
// the error of the first that fails.
func Gather(yield coro.Yield, as ...task.Awaitable) ([]any, error) {
	l, err := task.LoopOf(yield)
	if err != nil || len(as) == 0 {
		return nil, err
	}
	if slices.Contains(as, nil) {
		return nil, task.ErrNotAwaitable
	}
	var failed task.Awaitable
	all, left := future.New(l), len(as)
	for _, a := range as {
		a.AddDoneCallback(func() {
			left--
			if _, err := a.Result(); err != nil && failed == nil {
				failed = a
			}
			if failed != nil || left == 0 {
				_ = all.SetResult(nil) // an error says that it is done already
			}
		})
	}
	if _, err := task.Await(yield, all); err != nil {
		for _, a := range as {
			a.Cancel()
		}
		return nil, err
	}
	if failed != nil {
		_, err := failed.Result()
		return nil, err
	}
	return results(as), nil
}

// results are those of tasks that have ended.
func results(as []task.Awaitable) []any {
	values := make([]any, len(as))
	for i, a := range as {
		values[i], _ = a.Result()
	}
	return values
}

// Semaphore lets a limited number of tasks in at a time.
type Semaphore struct {
	free    int              // places; if there are any, nobody waits
	waiting []*future.Future // the turns of those that wait, the first one first
}

// NewSemaphore makes a Semaphore with n places.
func NewSemaphore(n int) lesson.Semaphore { return &Semaphore{free: n} }

// Acquire takes a place, and waits until one is free.
func (s *Semaphore) Acquire(yield coro.Yield) error {
	if s.free > 0 {
		s.free--
		return nil
	}
	l, err := task.LoopOf(yield)
	if err != nil {
		return err
	}
	turn := future.New(l)
	s.waiting = append(s.waiting, turn)
	_, err = task.Await(yield, turn)
	if _, none := turn.Result(); err != nil && none == nil {
		s.Release() // the turn had come, but the task was canceled before it ran
	}
	return err
}

// Release gives a place back, to the first task that waits if there is one.
func (s *Semaphore) Release() {
	for len(s.waiting) > 0 {
		turn := s.waiting[0]
		s.waiting = s.waiting[1:]
		if turn.SetResult(nil) == nil {
			return
		}
	}
	s.free++
}
