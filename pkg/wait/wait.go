// Package wait is what tasks use to wait for each other: an Event, a Semaphore,
// a Queue.
//
// All three stand on one line of waiters, first come, first served, in which a
// waiter may be cancelled at any moment: if his turn had come already, it goes
// to the next, and no wake-up is lost. What needn't wait doesn't pause. They are
// asyncio's, and belong to the loop of the first task that waits: a task of
// another gets task.ErrOtherLoop. Only the loop's goroutine may call them.
package wait

import (
	"container/list"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// line is a queue of tasks that wait for their turn, the first one first. Three
// principles:
//
//  1. A turn is given, not announced: whoever comes between a turn and the task
//     that it wakes can't snatch it.
//  2. Who had got a turn and was cancelled before he ran says so (came), and
//     what he stood for is given to the next.
//  3. Who was cancelled gets no turn: next passes him over, although his task
//     has not run yet and he still stands in the line.
//
// It must not know what the turns are good for.
//
// Invariant: waiters are the turns, *future.Future, of tasks that are suspended in
// wait; none of them has been given its turn.
type line struct {
	loop    *loop.Loop // of the first who waited; nil before
	waiters list.List
	streak  int // visits in a row that didn't have to wait
}

// what a turn is waited for: "an event to be set".
type what string

func (w what) String() string { return string(w) }

// wait stands in the line until the turn comes, the line is failed, or the task
// is cancelled. With an error, came says that the turn had come all the same.
func (q *line) wait(yield coro.Yield, of what) (came bool, err error) {
	if q.loop == nil {
		t, err := task.Current(yield)
		if err != nil {
			return false, err
		}
		q.loop = t.Loop()
	}
	q.streak = 0
	t := future.New(q.loop)
	t.Name(of)
	place := q.waiters.PushBack(t)
	defer q.waiters.Remove(place)
	_, err = task.Await(yield, t)
	return t.State() == future.Finished && !t.Failed(), err
}

// visit comes before a call that may not have to wait. A task that finds its turn
// free time after time would else keep every other from running. Its errors are
// those of task.Checkpoint.
func (q *line) visit(yield coro.Yield) error {
	if yield == nil {
		return task.ErrNoTask
	}
	const inARow = 32
	if q.streak++; q.streak <= inARow {
		return nil
	}
	q.streak = 0
	return task.Checkpoint(yield)
}

// next gives the turn to the first who still waits for one, and reports whether
// there was anybody. Whom it has dealt with stands in the line no more.
func (q *line) next() bool {
	for place := q.waiters.Front(); place != nil; place = q.waiters.Front() {
		q.waiters.Remove(place)
		if place.Value.(*future.Future).SetResult(nil) == nil {
			return true
		}
	}
	return false
}

// failAll sends everybody away with err, but for those whose turn has come.
func (q *line) failAll(err error) {
	for place := q.waiters.Front(); place != nil; place = q.waiters.Front() {
		q.waiters.Remove(place)
		t := place.Value.(*future.Future)
		_ = t.SetError(err)
		_, _ = t.Result() // if the task can't run any more, nobody needs to be told
	}
}

func failed(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("wait: %s: %w", verb, err)
}
