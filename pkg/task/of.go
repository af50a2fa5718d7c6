package task

// The typed edges. Inside the engine results are of type any, because a Task hands on
// whatever its Future holds. The functions here put a type on what goes in and comes out;
// each is one line on its plain form, which cells use.

import (
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
)

// Of is a Task whose result is a T.
type Of[T any] struct{ *Task }

// Value is Result with its type; the zero value if there is an error.
func (t Of[T]) Value() (T, error) {
	v, err := t.Result()
	value, _ := v.(T) // the body returns nothing else; a nil interface comes out as nil
	return value, err
}

// plain is the Task itself, for code that compares and follows tasks.
func (t Of[T]) plain() *Task { return t.Task }

// Typed is an Awaitable whose result is a T: a future.Of, or an Of.
type Typed[T any] interface {
	Awaitable
	Value() (T, error)
}

// Go is Spawn for a body without a result:
//
//	heartbeat := task.Go(l, func(yield coro.Yield) error { … })
func Go(l *loop.Loop, body func(yield coro.Yield) error) *Task {
	return spawn(l, bare(body), body, nil)
}

// SpawnAs is Spawn for a body with a result of one type.
func SpawnAs[T any](l *loop.Loop, body func(yield coro.Yield) (T, error)) Of[T] {
	return Of[T]{spawn(l, boxed(body), body, nil)}
}

// Go is Spawn for a body without a result.
func (g *Group) Go(body func(yield coro.Yield) error) *Task { return g.spawn(bare(body), body, 1) }

// SpawnIn is Group.Spawn for a body with a result of one type.
func SpawnIn[T any](g *Group, body func(yield coro.Yield) (T, error)) Of[T] {
	return Of[T]{g.spawn(boxed(body), body, 1)}
}

// Main is Run for a body without a result: asyncio's run, for a loop that you have made.
// outside.Main makes the loop too, and lets Ctrl-C cancel the body.
func Main(l *loop.Loop, body func(yield coro.Yield) error) error {
	_, err := run(l, bare(body), body)
	return err
}

// RunAs is Run for a body with a result of one type.
func RunAs[T any](l *loop.Loop, body func(yield coro.Yield) (T, error)) (T, error) {
	return typed[T](run(l, boxed(body), body))
}

// FailAfter is Timeout for a body without a result: trio's fail_after. TimeoutAs is for one
// with a result.
func FailAfter(yield coro.Yield, d time.Duration, body func(yield coro.Yield) error) error {
	_, err := Timeout(yield, d, bare(body))
	return err
}

// FailAt is Deadline for a body without a result: trio's fail_at.
func FailAt(yield coro.Yield, when time.Duration, body func(yield coro.Yield) error) error {
	_, err := Deadline(yield, when, bare(body))
	return err
}

// TimeoutAs is Timeout for a body with a result of one type.
func TimeoutAs[T any](yield coro.Yield, d time.Duration, body func(yield coro.Yield) (T, error)) (T, error) {
	return typed[T](Timeout(yield, d, boxed(body)))
}

// AwaitAs is Await for a result of one type.
func AwaitAs[T any](yield coro.Yield, a Typed[T]) (T, error) {
	return typed[T](Await(yield, a))
}

// WaitForAs is WaitFor for a result of one type.
func WaitForAs[T any](yield coro.Yield, d time.Duration, a Typed[T]) (T, error) {
	return typed[T](WaitFor(yield, d, a))
}

// ShieldAs is Shield for a result of one type.
func ShieldAs[T any](yield coro.Yield, a Typed[T]) (T, error) {
	return typed[T](Shield(yield, a))
}

// GatherAs is Gather for results of one type.
func GatherAs[T any, A Typed[T]](yield coro.Yield, as ...A) ([]T, error) {
	if _, err := Gather(yield, awaitables(as)...); err != nil {
		return nil, err
	}
	all := make([]T, len(as))
	for i, a := range as {
		all[i], _ = a.Value()
	}
	return all, nil
}

// GatherOutcomesAs is GatherOutcomes for results of one type.
func GatherOutcomesAs[T any, A Typed[T]](yield coro.Yield, as ...A) ([]OutcomeOf[T], error) {
	if _, err := GatherOutcomes(yield, awaitables(as)...); err != nil {
		return nil, err
	}
	all := make([]OutcomeOf[T], len(as))
	for i, a := range as {
		all[i].Value, all[i].Err = a.Value()
	}
	return all, nil
}

func awaitables[A Awaitable](as []A) []Awaitable {
	all := make([]Awaitable, len(as))
	for i, a := range as {
		all[i] = a
	}
	return all
}

// bare makes a Body of one without a result, and boxed of one with a type.
func bare(body func(coro.Yield) error) coro.Body {
	if body == nil {
		return nil
	}
	return func(yield coro.Yield) (any, error) { return nil, body(yield) }
}

func boxed[T any](body func(coro.Yield) (T, error)) coro.Body {
	if body == nil {
		return nil
	}
	return func(yield coro.Yield) (any, error) { return body(yield) }
}

// typed takes a T out of its box again. A nil interface was put in as nil, and a verb that
// fails returns nil too.
func typed[T any](v any, err error) (T, error) {
	value, _ := v.(T)
	return value, err
}
