package outside

// Work that blocks, a file or a library that knows nothing of loops, would stop
// every task. Run gives it a goroutine of its own, and brings the result back by
// CallSoonThreadsafe. Lesson 17.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/task"
)

// ErrNilFunc: there is nothing to run.
var ErrNilFunc = errors.New("function is nil")

// Run calls fn in a goroutine, pauses until it has returned, and returns its result:
// asyncio's to_thread. fn must touch nothing that lives on the loop. A panic in fn
// becomes a *coro.PanicError, runtime.Goexit becomes coro.ErrGoexit. While all places for
// work are taken (SetPlaces), Run waits for one: first come, first served.
//
// If the task is canceled, or the loop closes, Run returns at once. If it still waited
// for a place, fn is never called. Otherwise fn's ctx is then done, and its result is
// abandoned: an io.Closer that comes without an error is closed, a panic is reported to the
// loop's exception handler. fn itself can't be stopped: until it returns it keeps its
// place, and the loop's Close waits for it, after everything else on the loop has been
// closed.
//
// Errors of its own: ErrNilFunc, and those of task.LoopOf and task.Await. On a loop
// with a World it is impossible.
func Run(yield coro.Yield, fn func(ctx context.Context) (any, error)) (any, error) {
	return run(yield, forWork, "work outside", fn)
}

// RunAs is Run for a result of a known type.
func RunAs[T any](yield coro.Yield, fn func(ctx context.Context) (T, error)) (T, error) {
	return runAs(yield, forWork, "work outside", fn)
}

func runAs[T any](yield coro.Yield, k kind, what name, fn func(ctx context.Context) (T, error)) (value T, err error) {
	var plain func(context.Context) (any, error)
	if fn != nil {
		plain = func(ctx context.Context) (any, error) { return fn(ctx) }
	}
	v, err := run(yield, k, what, plain)
	value, _ = v.(T)
	return value, err
}

// run does it for all: what says what the task waits for once fn is running.
func run(yield coro.Yield, k kind, what name, fn func(context.Context) (any, error)) (any, error) {
	w, err := workersOf(yield)
	if err == nil && fn == nil {
		err = ErrNilFunc
	}
	if err != nil {
		return nil, fmt.Errorf("outside: %s: %w", k, err)
	}
	defer w.loop.Hold()() // as long as a task waits, even for a place
	if err := w.places[k].Acquire(yield); err != nil {
		return nil, fmt.Errorf("outside: %s: %w", k, errors.Unwrap(err))
	}
	j := w.begin(k, what, fn)
	if _, err := task.Await(yield, j); err != nil {
		w.tell(j.abandon())
		return nil, fmt.Errorf("outside: %s: %w", k, err)
	}
	return j.value, j.err
}

// workers are the goroutines that work for one loop, which owns them.
type workers struct {
	loop    *loop.Loop
	places  [2]*places // by kind; one is taken ⇔ the loop hasn't heard of a goroutine's end yet
	running sync.WaitGroup
	delayed bool // Close has put off its wait once
}

// workersKey is the key of a loop's workers in its Site.
type workersKey struct{}

func workersOf(yield coro.Yield) (*workers, error) {
	l, err := task.LoopOf(yield)
	if err != nil {
		return nil, err
	}
	if l.World() != nil {
		return nil, l.World().Impossible("a goroutine that takes real time")
	}
	return workersFor(l), nil
}

func workersFor(l *loop.Loop) *workers {
	return l.Site().OwnOne(workersKey{}, func() io.Closer {
		w := &workers{loop: l}
		for k := range w.places {
			w.places[k] = newPlaces(l, kind(k).place())
		}
		return w
	}).(*workers)
}

// Close waits for the goroutines that still work; the loop has closed the tasks that
// wanted them, so their contexts are done. A goroutine that is deaf to that may wait
// for a peer on this very loop, so the first call puts the wait off until everything
// else is closed.
func (w *workers) Close() error {
	if !w.delayed {
		w.delayed = true
		w.loop.Site().Own(w)
		return nil
	}
	w.running.Wait()
	return nil
}

// begin starts the goroutine, for which a place has been taken.
func (w *workers) begin(k kind, what name, fn func(context.Context) (any, error)) *job {
	ctx, cancel := context.WithCancel(context.Background())
	j := &job{Future: future.New(w.loop), places: w.places[k], cancel: cancel}
	j.Name(what)
	w.running.Go(func() {
		value, err := any(nil), coro.ErrGoexit
		defer func() { // even after Goexit, which nothing else survives
			if v := recover(); v != nil {
				value, err = nil, &coro.PanicError{Value: v, Stack: probe.Stack()}
			}
			cancel()
			w.end(j, j.finish(value, err))
		}()
		value, err = fn(ctx)
	})
	return j
}

// end tells the loop that j is over. A loop that closes refuses to hear it: no task
// waits then.
func (w *workers) end(j *job, lost error) {
	_ = w.loop.CallSoonThreadsafe(func() {
		j.places.leave()
		w.tell(lost)
		_ = j.SetResult(nil)
	})
}

// tell reports a panic of abandoned work: otherwise nobody would hear of it.
func (w *workers) tell(err error) {
	task.ReportPanics(w.loop, "abandoned work outside panicked", err)
}

// job is one call of fn. Its Future says only that fn has returned: an error that fn
// returns may be a cancellation, and is not one of the task.
type job struct {
	*future.Future
	places *places // where it has taken one
	cancel context.CancelFunc

	mu        sync.Mutex // guards what follows
	finished  bool       // value and err are set
	abandoned bool       // nobody will take them
	value     any
	err       error
}

// finish is the goroutine's last word. lost is the error, if nobody will take it.
func (j *job) finish(value any, err error) (lost error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.finished, j.value, j.err = true, value, err
	if j.abandoned {
		return j.drop()
	}
	return nil
}

// abandon is the task's last word. lost is the error, if fn has returned already.
func (j *job) abandon() (lost error) {
	j.cancel()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.abandoned = true
	if j.finished {
		return j.drop()
	}
	return nil
}

// drop closes a value that nobody else will close.
func (j *job) drop() error {
	if c, ok := j.value.(io.Closer); ok && j.err == nil {
		_ = c.Close()
	}
	return j.err
}
