package task

// Tasks wait at the same time: three that wait a second each are all done after one
// second. Lesson 13.

import (
	"fmt"
	"time"

	"stepwise/pkg/coro"
)

// Gather waits for all of as and returns their results in the order of the arguments:
// asyncio's gather. Without arguments it returns at once.
//
// The first that fails, or is canceled, ends Gather with its error; the others go on, and
// the loop reports those of their errors that are never read. If the caller is canceled,
// all are canceled, and Gather returns when they have ended. Other errors are those of
// Await.
func Gather(yield coro.Yield, as ...Awaitable) ([]any, error) {
	var first Awaitable
	err := gather(yield, as, func(a Awaitable) bool {
		if failed, _ := howEnded(a); failed {
			first = a
		}
		return first != nil
	})
	if err != nil {
		return nil, err
	}
	if first != nil {
		_, err := first.Result()
		return nil, err
	}
	values := make([]any, len(as))
	for i, a := range as {
		values[i], _ = a.Result()
	}
	return values, nil
}

// Outcome is how one of several ended.
type Outcome = OutcomeOf[any]

// OutcomeOf is an Outcome whose value is a T; the zero value if there is an error.
type OutcomeOf[T any] struct {
	Value T
	Err   error
}

// GatherOutcomes is Gather, but an error is an outcome like any other, so it always
// waits for all: asyncio's gather(return_exceptions=True). Its own error is the caller's
// cancellation, or misuse.
func GatherOutcomes(yield coro.Yield, as ...Awaitable) ([]Outcome, error) {
	if err := gather(yield, as, func(Awaitable) bool { return false }); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(as))
	for i, a := range as {
		outcomes[i].Value, outcomes[i].Err = a.Result()
	}
	return outcomes, nil
}

func gather(yield coro.Yield, as []Awaitable, enough func(Awaitable) bool) error {
	t, err := Current(yield)
	if err != nil {
		return err
	}
	distinct, err := t.collect(as)
	if err != nil {
		return misuse("gather", err)
	}
	if len(distinct) == 0 {
		return nil
	}
	if err := t.until(yield, -1, distinct, enough); err != nil {
		t.drain(yield, distinct)
		return err
	}
	return nil
}

// When says what Wait waits for: asyncio's return_when.
type When uint8

// What Wait can wait for.
const (
	AllCompleted   When = iota // all have ended
	FirstCompleted             // one has ended, however
	FirstException             // one has failed, or all have ended; to be canceled is not to fail
)

// Wait waits for some of as, but no longer than limit, and says which have ended and
// which have not, both in the order of the arguments: asyncio's wait. A negative limit
// means none; that it has passed is not an error. Wait never cancels what is pending,
// even if the caller is canceled. Without arguments it returns at once.
func Wait(yield coro.Yield, when When, limit time.Duration, as ...Awaitable) (done, pending []Awaitable, err error) {
	t, err := Current(yield)
	if err != nil {
		return nil, nil, err
	}
	distinct, err := t.collect(as)
	if err != nil {
		return nil, nil, misuse("wait", err)
	}
	if len(distinct) == 0 {
		return nil, nil, nil
	}
	err = t.until(yield, limit, distinct, func(a Awaitable) bool {
		failed, canceled := howEnded(a)
		return when == FirstCompleted || when == FirstException && failed && !canceled
	})
	if err != nil {
		return nil, nil, err
	}
	for _, a := range distinct {
		if a.Done() {
			done = append(done, a)
		} else {
			pending = append(pending, a)
		}
	}
	return done, pending, nil
}

// Shield waits for a, and keeps it from being canceled with the caller: asyncio's shield.
// A caller that is canceled gets its error at once; a goes on, and the loop reports its
// error if it is never read. If a itself is canceled, Shield returns that error. Errors
// are those of Await.
func Shield(yield coro.Yield, a Awaitable) (any, error) {
	t, err := Current(yield)
	if err != nil {
		return nil, err
	}
	if _, err := t.check(a); err != nil {
		return nil, misuse("shield", err)
	}
	if err := t.until(yield, -1, []Awaitable{a}, func(Awaitable) bool { return true }); err != nil {
		return nil, err
	}
	return a.Result()
}

func misuse(verb string, err error) error { return fmt.Errorf("task: %s: %w", verb, err) }

var _ Awaitable = (*several)(nil)
