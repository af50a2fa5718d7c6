package task

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

// ErrStopped: the loop was stopped before the Task was done.
var ErrStopped = errors.New("loop was stopped before the task was done")

// Await pauses the coroutine until a is done, and returns its result: Python's await.
// It is the only doorway from coroutine to engine.
//
// Besides a's own, the errors are future.ErrCanceled if the Task is canceled meanwhile,
// joined with a's error if a fails at that moment; coro.ErrClosed if the loop closes;
// ErrOtherLoop; ErrCycle; ErrNoTask for a nil yield. Even a future that is done costs
// one turn of the loop, so a coroutine that awaits 100,000 of them starves no other.
//
// Code that tries again after an error must return future.ErrCanceled and coro.ErrClosed
// instead. After the first, the next try would go on as if nobody had canceled the Task;
// the second is the error of every later Await too, so the tries would never end.
//
// Beware of two tasks that await one Future or Task: Cancel of either of them cancels what
// it waits for, and with that the other's Await too. A task that must not do so waits by
// Shield.
func Await(yield coro.Yield, a Awaitable) (any, error) {
	switch {
	case yield == nil:
		yield = nobodyYields
	case a == nil:
		yield = nothingToAwait
	}
	return yield(a)
}

// nobodyYields and nothingToAwait are Yields that refuse. With them, Await and Checkpoint
// have a single call, and so the compiler makes both a part of their caller. That pays: when
// the processor comes back from another stack, it can't guess where a function returns to.
// Each function between a body and its pause costs 5 ns a switch, and 10 among thousands of
// tasks: go test -bench Depth ./pkg/coro.
func nobodyYields(any) (any, error) { return nil, fmt.Errorf("task: %w", ErrNoTask) }

func nothingToAwait(any) (any, error) {
	return nil, fmt.Errorf("task: await: %w, not nil", ErrNotAwaitable)
}

// Checkpoint lets everything else that is ready run first: asyncio's
// sleep(0). Its errors are those of Await.
func Checkpoint(yield coro.Yield) error {
	if yield == nil {
		yield = nobodyYields
	}
	_, err := yield(nil)
	return err
}

// Run runs the loop until a Task made of body is done, and returns its result: asyncio's
// run. Other tasks stay where they are, for the next Run, until the loop is closed. If the
// loop ends first, by Stop or an error, the Task is closed and the error says why:
// ErrStopped, loop.ErrDeadlock, or loop.ErrRunning for a call from inside the loop.
func Run(l *loop.Loop, body coro.Body) (any, error) { return run(l, body, body) }

// RunUntilComplete is Run for a Task that you have made, so that you can cancel it from
// outside: asyncio's run_until_complete. If the Task is done, it returns its result at once.
// On loop.ErrRunning the Task goes on. A Task that was not made by Spawn is
// future.ErrNotMade.
func RunUntilComplete(t *Task) (any, error) {
	switch {
	case t.Scheduler() == nil:
		return nil, fmt.Errorf("task: run: %w", future.ErrNotMade)
	case t.Done():
		return t.Result()
	}
	err := t.run()
	if errors.Is(err, loop.ErrRunning) {
		return nil, fmt.Errorf("task: run: %w", err)
	}
	return t.endRun(err)
}

func run(l *loop.Loop, body coro.Body, source any) (any, error) {
	t := spawn(l, body, source, nil)
	if t.Done() { // the loop is closed
		return t.Result()
	}
	return t.endRun(t.run())
}

// endRun is the result of a Task whose Run has ended. If it isn't done, err says why.
func (t *Task) endRun(err error) (any, error) {
	if t.Done() {
		return t.Result()
	}
	if err == nil {
		err = ErrStopped
	}
	err = fmt.Errorf("task: run: %w", err)
	t.loop.Site().Disown((*owned)(t))
	ReportPanics(t.loop, "a task panicked as its Run ended", t.unwind(err))
	return nil, err
}

// run runs the loop until t is done. However it ends, it leaves nothing behind that
// would end the next Run.
func (t *Task) run() error {
	remove := t.AddDoneCallback(t.loop.Stop)
	defer func() { // even if a Goexit ends this goroutine
		remove()
		if t.ended == t.loop.Rounds() { // Run ended in the same round for another reason: our Stop is still queued
			_ = t.loop.Run()
		}
	}()
	return t.loop.Run()
}

var _ Awaitable = (*future.Future)(nil)
var _ Awaitable = (*Task)(nil)
