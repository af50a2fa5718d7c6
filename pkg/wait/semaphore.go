package wait

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// ErrReleased: a bounded Semaphore was released more often than acquired.
var ErrReleased = errors.New("semaphore was released more often than acquired")

// Semaphore lets a limited number of tasks in at a time: asyncio's Semaphore. With
// a limit of 1 it is asyncio's Lock. The zero value lets nobody in before a Release.
//
//	if err := s.Acquire(yield); err != nil {
//		return err
//	}
//	defer s.Release()
//
// Invariants: free ≥ 0; free > 0 ⇒ nobody waits; a bounded one has free ≤ most.
type Semaphore struct {
	free    int // how many may come in now
	most    int // the limit of a bounded one
	bounded bool
	line    line
}

// NewSemaphore makes a Semaphore that lets in n at a time. A Release without an
// Acquire raises n by one. NewSemaphore panics if n is negative.
func NewSemaphore(n int) *Semaphore {
	if n < 0 {
		panic(fmt.Sprintf("wait: NewSemaphore(%d): less than 0", n))
	}
	return &Semaphore{free: n}
}

// NewBoundedSemaphore makes a Semaphore that never lets in more than n at a time: a
// Release too many is refused.
func NewBoundedSemaphore(n int) *Semaphore {
	s := NewSemaphore(n)
	s.most, s.bounded = n, true
	return s
}

// Bind makes s belong to l from now on, and says what a task that waits at s waits
// for, as Future.Name does: "its turn to accept on fd 13". A nil what leaves it "a
// place at a semaphore". Call it before any task waits.
func (s *Semaphore) Bind(l *loop.Loop, what fmt.Stringer) { s.line.bind(l, what) }

// Acquire takes one of the places, and waits until one is free. Tasks get them in
// the order in which they came. Errors, after which no place is taken, are those of
// task.Await.
func (s *Semaphore) Acquire(yield coro.Yield) error {
	return failed("semaphore", s.acquire(yield, "a place at a semaphore"))
}

func (s *Semaphore) acquire(yield coro.Yield, of what) error {
	if err := s.line.budget.Spend(yield); err != nil {
		return err
	}
	if s.TryAcquire() {
		return nil
	}
	came, err := s.line.wait(yield, of)
	if came && err != nil {
		// It is tempting to return the error and do no more. The place would then
		// be taken forever by a task that is gone.
		s.give()
	}
	return err
}

// TryAcquire takes a place if one is free, and reports whether it did. It never
// waits, and never takes a place from a task that waits.
func (s *Semaphore) TryAcquire() bool {
	if s.free == 0 {
		return false
	}
	s.free--
	return true
}

// Release gives a place back, to the first task that waits if there is one. The
// error is ErrReleased, if s is bounded and no place is taken.
func (s *Semaphore) Release() error {
	if s.bounded && s.free == s.most {
		return failed("release", ErrReleased)
	}
	s.give()
	return nil
}

func (s *Semaphore) give() {
	if !s.line.next() {
		s.free++
	}
}

// Locked reports whether an Acquire would have to wait.
func (s *Semaphore) Locked() bool { return s.free == 0 }
