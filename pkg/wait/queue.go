package wait

import (
	"errors"
	"fmt"
	"iter"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// What a Queue refuses.
var (
	ErrEmpty    = errors.New("queue is empty")
	ErrFull     = errors.New("queue is full")
	ErrShutDown = errors.New("queue was shut down")
	ErrTaskDone = errors.New("more items are done than were put in")
)

// Queue is a QueueOf anything, for cells and for items of several types.
type Queue = QueueOf[any]

// QueueOf hands items of type T from tasks to tasks, in order: asyncio's Queue. The zero
// value takes any number of items.
//
// It is Dijkstra's buffer: two Semaphores, one that counts the items and one that
// counts the room that is left. A task that gets in at the first takes an item and
// gives its room back at the second; a task that gets in at the second puts one.
//
// Invariant, unless shut down: items.free + tasks that have a turn to get = number of
// items.
type QueueOf[T any] struct {
	list       []T
	items      Semaphore  // one place for each item
	room       *Semaphore // one place for each item that may still come; nil: no limit
	shut       bool
	unfinished int // put, and not yet reported by TaskDone
	joined     line
}

// NewQueue makes a Queue that holds at most n items; 0 or less means any number.
func NewQueue(n int) *Queue { return NewQueueOf[any](n) }

// NewQueueOf makes a QueueOf that holds at most n items; 0 or less means any number.
func NewQueueOf[T any](n int) *QueueOf[T] {
	q := &QueueOf[T]{}
	if n > 0 {
		q.room = NewSemaphore(n)
	}
	return q
}

// Bind makes q belong to l from now on, and says what a task that waits in Get waits
// for, as Future.Name does: "a signal". Call it before any task waits.
func (q *QueueOf[T]) Bind(l *loop.Loop, what fmt.Stringer) {
	q.items.Bind(l, what)
	q.joined.bind(l, nil)
	if q.room != nil {
		q.room.Bind(l, nil)
	}
}

// Put puts v in, and waits until there is room for it. The error is ErrShutDown after
// Shutdown, even for a Put that was already waiting, or else one of task.Await; v is
// not in the queue then.
func (q *QueueOf[T]) Put(yield coro.Yield, v T) error {
	switch {
	case q.shut:
		return failed("put", ErrShutDown)
	case q.room == nil:
		if err := q.items.line.budget.Spend(yield); err != nil {
			return failed("put", err)
		}
	default:
		if err := q.room.acquire(yield, "room in a queue"); err != nil {
			return failed("put", err)
		}
	}
	if q.shut { // while it waited, or while others had their turn
		return failed("put", ErrShutDown)
	}
	q.put(v)
	return nil
}

// PutNowait is Put, but returns ErrFull instead of waiting.
func (q *QueueOf[T]) PutNowait(v T) error {
	switch {
	case q.shut:
		return failed("put", ErrShutDown)
	case q.room != nil && !q.room.TryAcquire():
		return failed("put", ErrFull)
	}
	q.put(v)
	return nil
}

func (q *QueueOf[T]) put(v T) {
	q.list = append(q.list, v)
	q.unfinished++
	q.items.give()
}

// Get takes the oldest item out, and waits until there is one. After Shutdown it
// takes what is left, and then returns ErrShutDown. Other errors are those of
// task.Await; no item is lost then.
func (q *QueueOf[T]) Get(yield coro.Yield) (v T, err error) {
	if q.shut && len(q.list) == 0 {
		return v, failed("get", ErrShutDown)
	}
	if err := q.items.acquire(yield, "an item in a queue"); err != nil {
		return v, failed("get", err)
	}
	if len(q.list) == 0 { // an immediate Shutdown has taken it away
		return v, failed("get", ErrShutDown)
	}
	return q.get(), nil
}

// All takes items out, as Get does, until Shutdown and until nothing is left:
//
//	for line, err := range lines.All(yield) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// An error is one of Get's, and ends the range. The end after a Shutdown is no error.
func (q *QueueOf[T]) All(yield coro.Yield) iter.Seq2[T, error] {
	return func(body func(T, error) bool) {
		for {
			v, err := q.Get(yield)
			if errors.Is(err, ErrShutDown) || !body(v, err) || err != nil {
				return
			}
		}
	}
}

// GetNowait is Get, but returns ErrEmpty instead of waiting. It leaves alone the
// items of tasks that were woken to get them and have not run yet.
func (q *QueueOf[T]) GetNowait() (v T, err error) {
	switch {
	case q.shut && len(q.list) == 0:
		return v, failed("get", ErrShutDown)
	case !q.items.TryAcquire():
		return v, failed("get", ErrEmpty)
	}
	return q.get(), nil
}

func (q *QueueOf[T]) get() T {
	v := q.list[0]
	clear(q.list[:1]) // otherwise the array would keep v alive
	q.list = q.list[1:]
	if q.room != nil {
		q.room.give()
	}
	q.settle()
	return v
}

// Len is how many items are in the queue: asyncio's qsize.
func (q *QueueOf[T]) Len() int { return len(q.list) }

// Full reports whether PutNowait would return ErrFull.
func (q *QueueOf[T]) Full() bool { return q.room != nil && q.room.Locked() }

// TaskDone says that an item that was taken out has been dealt with. The error is
// ErrTaskDone if it is called more often than there were items.
func (q *QueueOf[T]) TaskDone() error {
	if q.unfinished == 0 {
		return failed("task done", ErrTaskDone)
	}
	q.finish(1)
	return nil
}

func (q *QueueOf[T]) finish(n int) {
	q.unfinished -= n
	if q.unfinished == 0 {
		for q.joined.next() {
		}
	}
}

// Join pauses until TaskDone has been called for each item that was put in; if there
// are none, it returns at once. Errors are those of task.Await.
func (q *QueueOf[T]) Join(yield coro.Yield) error {
	if err := q.joined.budget.Spend(yield); err != nil {
		return failed("join", err)
	}
	if q.unfinished == 0 {
		return nil
	}
	_, err := q.joined.wait(yield, "a queue's items to be done")
	return failed("join", err)
}

// Shutdown ends the queue: every Put returns ErrShutDown, and so does every Get once
// nothing is left. An immediate Shutdown throws away what is left, and counts it as
// done. Calling it again has no effect, unless only the later call is immediate.
func (q *QueueOf[T]) Shutdown(immediate bool) {
	q.shut = true
	if q.room != nil {
		q.room.line.failAll(ErrShutDown)
	}
	if immediate {
		q.finish(len(q.list))
		q.list = nil
	}
	q.settle()
}

// settle tells tasks that wait for items that none will come.
func (q *QueueOf[T]) settle() {
	if q.shut && len(q.list) == 0 {
		q.items.line.failAll(ErrShutDown)
	}
}
