// Package wait is what tasks use to wait for each other: an Event, a Semaphore,
// a Queue.
//
//	jobs := wait.NewQueueOf[string](10) // a Put of an eleventh waits
//	err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
//		g.Go(func(yield coro.Yield) error {
//			defer jobs.Shutdown(false)
//			return jobs.Put(yield, "a job")
//		})
//		for job, err := range jobs.All(yield) {
//			if err != nil {
//				return err
//			}
//			fmt.Println(job)
//		}
//		return nil
//	})
//
// All three are built on one line of waiters, first come, first served. A waiter may
// be canceled at any moment: if its turn has already come, the turn goes to the next
// one, and no wake-up is lost. A call that needn't wait doesn't pause, except that after 32
// of them in a row everything else that is ready has its turn first: that is what Budget
// counts, for code of your own too. The methods without a yield never pause. They are
// asyncio's, and belong to the loop of the first task that waits, unless Bind says
// which: a task of another loop gets task.ErrOtherLoop. Only the loop's goroutine may
// call them.
package wait

import (
	"container/list"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// OpError says which call failed. All errors of this package are of this type.
type OpError struct {
	Op  string // "event", "semaphore", "release", "put", "get", "join", "task done"
	Err error  // one of this package's, or task.Await's
}

// Error reads like "wait: put: queue is full".
func (e *OpError) Error() string { return "wait: " + e.Op + ": " + e.Err.Error() }

// Unwrap returns the reason, for errors.Is.
func (e *OpError) Unwrap() error { return e.Err }

func failed(op string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{op, err}
}

// line is a queue of tasks that wait for their turn, the first one first. Three
// principles:
//
//  1. A turn is given, not announced: a task that comes between a turn and the task
//     that it wakes can't snatch it.
//  2. A task that was canceled after it had got its turn, but before it ran, says so
//     (came), and what the turn stood for is given to the next one.
//  3. A task that was canceled before its turn gets none: next passes it over, even
//     if it has not run yet and is still in the line.
//
// A line must not know what its turns are good for.
//
// Invariant: waiters are the turns, *future.Future, of tasks that are suspended in
// wait; none of them has been given its turn.
type line struct {
	loop    *loop.Loop   // whose tasks may wait; nil until Bind or the first wait
	name    fmt.Stringer // what they wait for, if Bind has said so; else nil
	waiters list.List
	budget  Budget
}

func (q *line) bind(l *loop.Loop, what fmt.Stringer) { q.loop, q.name = l, what }

// what a task waits for when no name was given: "an event to be set".
type what string

func (w what) String() string { return string(w) }

// wait stays in the line until the turn comes, the line is failed, or the task is
// canceled. If there is an error, came says whether the turn had come all the same.
func (q *line) wait(yield coro.Yield, of what) (came bool, err error) {
	if q.loop == nil {
		t, err := task.Current(yield)
		if err != nil {
			return false, err
		}
		q.loop = t.Loop()
	}
	q.budget.Renew()
	t := future.New(q.loop)
	if q.name != nil {
		t.Name(q.name)
	} else {
		t.Name(of)
	}
	place := q.waiters.PushBack(t)
	defer q.waiters.Remove(place)
	_, err = task.Await(yield, t)
	return t.State() == future.Finished && !t.Failed(), err
}

// next gives a turn to the first waiter that can take it, and reports whether there
// was one. It removes from the line each waiter that it has looked at.
func (q *line) next() bool {
	for place := q.waiters.Front(); place != nil; place = q.waiters.Front() {
		q.waiters.Remove(place)
		if place.Value.(*future.Future).SetResult(nil) == nil {
			return true
		}
	}
	return false
}

// failAll ends the wait of every task whose turn has not come, with err.
func (q *line) failAll(err error) {
	for place := q.waiters.Front(); place != nil; place = q.waiters.Front() {
		q.waiters.Remove(place)
		t := place.Value.(*future.Future)
		_ = t.SetError(err)
		_, _ = t.Result() // if the task can't run any more, nobody needs to be told
	}
}
