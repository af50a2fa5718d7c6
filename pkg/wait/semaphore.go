package wait

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
)

// ErrReleased: a bounded Semaphore was released more often than acquired.
var ErrReleased = errors.New("semaphore was released more often than acquired")

// Semaphore lets so many tasks in at a time, and no more: asyncio's. The zero
// value lets nobody in before a Release.
//
//	if err := s.Acquire(yield); err != nil {
//		return err
//	}
//	defer s.Release()
//
// Invariants: free ≥ 0; free > 0 ⇒ nobody waits; a bounded one has free ≤ most.
type Semaphore struct {
	free    int // how many may come in at once
	most    int // of a bounded one
	bounded bool
	line    line
}

// NewSemaphore makes a Semaphore for n at a time. A Release without an Acquire
// makes that one more. It panics for less than 0.
func NewSemaphore(n int) *Semaphore {
	if n < 0 {
		panic(fmt.Sprintf("wait: NewSemaphore(%d): less than 0", n))
	}
	return &Semaphore{free: n}
}

// NewBoundedSemaphore makes a Semaphore for n at a time and never more: the
// Release that would be one too many is refused.
func NewBoundedSemaphore(n int) *Semaphore {
	s := NewSemaphore(n)
	s.most, s.bounded = n, true
	return s
}

// Acquire takes one of the places, and waits until one is free. Tasks get them
// in the order in which they came. Errors, after which no place is taken, are
// those of task.Await.
func (s *Semaphore) Acquire(yield coro.Yield) error {
	return failed("semaphore", s.acquire(yield, "a place at a semaphore"))
}

func (s *Semaphore) acquire(yield coro.Yield, of what) error {
	if err := s.line.visit(yield); err != nil {
		return err
	}
	if s.TryAcquire() {
		return nil
	}
	came, err := s.line.wait(yield, of)
	if came && err != nil {
		// It is tempting to leave it at the error. The place would then be
		// taken for ever by a task that is gone.
		s.give()
	}
	return err
}

// TryAcquire takes a place if one is free, and reports whether it did. It never
// waits, and takes none from those who wait.
func (s *Semaphore) TryAcquire() bool {
	if s.free == 0 {
		return false
	}
	s.free--
	return true
}

// Release gives a place back: to the first who waits, if anybody does.
// ErrReleased, for a bounded Semaphore, if none was taken.
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
