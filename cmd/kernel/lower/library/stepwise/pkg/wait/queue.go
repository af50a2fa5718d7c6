// Package wait is for cells what is generic in wait.
package wait

import (
	"errors"
	"fmt"
	"iter"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/wait"
)

// QueueOf is wait.QueueOf.
type QueueOf[T any] struct{ all wait.Queue }

// NewQueueOf is wait.NewQueueOf.
func NewQueueOf[T any](n int) *QueueOf[T] { return &QueueOf[T]{*wait.NewQueue(n)} }

// Bind is wait.QueueOf's.
func (q *QueueOf[T]) Bind(l *loop.Loop, what fmt.Stringer) { q.all.Bind(l, what) }

// Full is wait.QueueOf's.
func (q *QueueOf[T]) Full() bool { return q.all.Full() }

// Len is wait.QueueOf's.
func (q *QueueOf[T]) Len() int { return q.all.Len() }

// Put is wait.QueueOf's.
func (q *QueueOf[T]) Put(yield coro.Yield, v T) error { return q.all.Put(yield, v) }

// PutNowait is wait.QueueOf's.
func (q *QueueOf[T]) PutNowait(v T) error { return q.all.PutNowait(v) }

// Get is wait.QueueOf's.
func (q *QueueOf[T]) Get(yield coro.Yield) (v T, err error) {
	got, err := q.all.Get(yield)
	v, _ = got.(T)
	return v, err
}

// GetNowait is wait.QueueOf's.
func (q *QueueOf[T]) GetNowait() (v T, err error) {
	got, err := q.all.GetNowait()
	v, _ = got.(T)
	return v, err
}

// Join is wait.QueueOf's.
func (q *QueueOf[T]) Join(yield coro.Yield) error { return q.all.Join(yield) }

// TaskDone is wait.QueueOf's.
func (q *QueueOf[T]) TaskDone() error { return q.all.TaskDone() }

// Shutdown is wait.QueueOf's.
func (q *QueueOf[T]) Shutdown(immediate bool) { q.all.Shutdown(immediate) }

// All is wait.QueueOf's.
func (q *QueueOf[T]) All(yield coro.Yield) iter.Seq2[T, error] {
	return func(body func(T, error) bool) {
		for {
			v, err := q.Get(yield)
			if errors.Is(err, wait.ErrShutDown) || !body(v, err) || err != nil {
				return
			}
		}
	}
}
