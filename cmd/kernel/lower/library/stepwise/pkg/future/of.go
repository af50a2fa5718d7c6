// Package future is for cells what is generic in future.
package future

import (
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// Of is future.Of.
type Of[T any] struct{ *future.Future }

// NewOf is future.NewOf.
func NewOf[T any](s future.Scheduler) Of[T] { return Of[T]{future.New(s)} }

// SetResult is future.Of's.
func (f Of[T]) SetResult(value T) error { return f.Future.SetResult(value) }

// Value is future.Of's.
func (f Of[T]) Value() (T, error) {
	v, err := f.Result()
	value, _ := v.(T)
	return value, err
}

// plain is for task.Typed.
func (f Of[T]) plain() task.Awaitable { return f.Future }

var _ interface{ plain() task.Awaitable } = Of[int]{}
