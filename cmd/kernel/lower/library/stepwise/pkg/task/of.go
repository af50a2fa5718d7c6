// Package task is for cells what is generic in task.
package task

import (
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// Of is task.Of.
type Of[T any] struct{ *task.Task }

// Value is task.Of's.
func (t Of[T]) Value() (T, error) { return typed[T](t.Result()) }

// plain is the Task, as it was before it got a type: the interpreter can't make a
// compiled interface of one that a cell declares.
func (t Of[T]) plain() task.Awaitable { return t.Task }

// Typed is task.Typed.
type Typed[T any] interface {
	Value() (T, error)
	plain() task.Awaitable
}

// SpawnAs is task.SpawnAs.
func SpawnAs[T any](l *loop.Loop, body func(yield coro.Yield) (T, error)) Of[T] {
	return Of[T]{task.Spawn(l, boxed(body))}
}

// SpawnIn is task.SpawnIn.
func SpawnIn[T any](g *task.Group, body func(yield coro.Yield) (T, error)) Of[T] {
	return Of[T]{g.Spawn(boxed(body))}
}

// RunAs is task.RunAs.
func RunAs[T any](l *loop.Loop, body func(yield coro.Yield) (T, error)) (T, error) {
	return typed[T](task.Run(l, boxed(body)))
}

// TimeoutAs is task.TimeoutAs.
func TimeoutAs[T any](yield coro.Yield, d time.Duration, body func(yield coro.Yield) (T, error)) (T, error) {
	return typed[T](task.Timeout(yield, d, boxed(body)))
}

// AwaitAs is task.AwaitAs.
func AwaitAs[T any](yield coro.Yield, a Typed[T]) (T, error) {
	return typed[T](task.Await(yield, a.plain()))
}

// WaitForAs is task.WaitForAs.
func WaitForAs[T any](yield coro.Yield, d time.Duration, a Typed[T]) (T, error) {
	return typed[T](task.WaitFor(yield, d, a.plain()))
}

// ShieldAs is task.ShieldAs.
func ShieldAs[T any](yield coro.Yield, a Typed[T]) (T, error) {
	return typed[T](task.Shield(yield, a.plain()))
}

// GatherAs is task.GatherAs.
func GatherAs[T any, A Typed[T]](yield coro.Yield, as ...A) ([]T, error) {
	values, err := task.Gather(yield, plains[T](as)...)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(values))
	for i, v := range values {
		all[i], _ = v.(T)
	}
	return all, nil
}

// OutcomeOf is task.OutcomeOf.
type OutcomeOf[T any] struct {
	Value T
	Err   error
}

// GatherOutcomesAs is task.GatherOutcomesAs.
func GatherOutcomesAs[T any, A Typed[T]](yield coro.Yield, as ...A) ([]OutcomeOf[T], error) {
	outcomes, err := task.GatherOutcomes(yield, plains[T](as)...)
	if err != nil {
		return nil, err
	}
	all := make([]OutcomeOf[T], len(outcomes))
	for i, o := range outcomes {
		all[i].Value, all[i].Err = typed[T](o.Value, o.Err)
	}
	return all, nil
}

func plains[T any, A Typed[T]](as []A) []task.Awaitable {
	var all []task.Awaitable
	for _, a := range as {
		all = append(all, a.plain())
	}
	return all
}

func boxed[T any](body func(coro.Yield) (T, error)) coro.Body {
	if body == nil {
		return nil
	}
	return func(yield coro.Yield) (any, error) { return body(yield) }
}

func typed[T any](v any, err error) (T, error) {
	value, _ := v.(T)
	return value, err
}
