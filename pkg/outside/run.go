package outside

// Work that blocks, a file or a library that knows nothing of loops, would stop
// every task. Run gives it a goroutine of its own, and brings the result back by
// CallSoonThreadsafe. Lesson 17.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// ErrNilFunc: there is nothing to run.
var ErrNilFunc = errors.New("function is nil")

// mostAtOnce is how many goroutines work for one loop at a time; further calls wait
// for a place. Work that blocks in the kernel holds a thread, and thousands of threads
// would be worse than the wait. asyncio has the same bound.
const mostAtOnce = 32

// Run calls fn in a goroutine, pauses until it has returned, and returns its result:
// asyncio's to_thread. fn must touch nothing that lives on the loop. A panic in fn
// becomes a *coro.PanicError, runtime.Goexit becomes coro.ErrGoexit.
//
// If the task is canceled, or the loop closes, Run returns at once; fn's ctx is then
// done, and its result is abandoned: an io.Closer is closed, a panic is reported to
// the loop's exception handler. fn itself can't be stopped: until it returns it keeps
// one of the loop's 32 places, and the loop's Close waits for it, after everything
// else on the loop has been closed.
//
// Errors of its own: future.ErrCanceled, loop.ErrClosed, loop.ErrNilLoop, ErrNilFunc,
// and those of task.Await. On a loop with a World it is impossible.
func Run(yield coro.Yield, l *loop.Loop, fn func(ctx context.Context) (any, error)) (any, error) {
	w, err := workersOf(yield, l, fn)
	if err != nil {
		return nil, fmt.Errorf("outside: run: %w", err)
	}
	defer l.Hold()() // as long as a task waits, even for a place
	if err := w.places.Acquire(yield); err != nil {
		return nil, fmt.Errorf("outside: run: %w", errors.Unwrap(err))
	}
	j := w.begin(fn)
	if _, err := task.Await(yield, j); err != nil {
		w.tell(j.abandon())
		return nil, fmt.Errorf("outside: run: %w", err)
	}
	return j.value, j.err
}

// RunAs is Run for a result of a known type.
func RunAs[T any](yield coro.Yield, l *loop.Loop, fn func(ctx context.Context) (T, error)) (value T, err error) {
	if fn == nil {
		return value, fmt.Errorf("outside: run: %w", ErrNilFunc)
	}
	v, err := Run(yield, l, func(ctx context.Context) (any, error) { return fn(ctx) })
	value, _ = v.(T)
	return value, err
}

// workers are the goroutines that work for one loop, which owns them.
//
// Invariant: places taken = goroutines whose end the loop has not heard of yet.
type workers struct {
	loop    *loop.Loop
	places  *wait.Semaphore
	running sync.WaitGroup
	delayed bool // Close has put off its wait once
}

// workersKey is the key of a loop's workers in its Site.
type workersKey struct{}

func workersOf(yield coro.Yield, l *loop.Loop, fn func(context.Context) (any, error)) (*workers, error) {
	switch {
	case yield == nil:
		return nil, task.ErrNoTask
	case l == nil:
		return nil, loop.ErrNilLoop
	case fn == nil:
		return nil, ErrNilFunc
	case l.Closed():
		return nil, loop.ErrClosed
	case l.World() != nil:
		return nil, l.World().Impossible("a goroutine that takes real time")
	}
	return l.Site().OwnOne(workersKey{}, func() io.Closer {
		w := &workers{loop: l, places: wait.NewBoundedSemaphore(mostAtOnce)}
		w.places.Bind(l, nil)
		return w
	}).(*workers), nil
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
func (w *workers) begin(fn func(context.Context) (any, error)) *job {
	ctx, cancel := context.WithCancel(context.Background())
	j := &job{Future: future.New(w.loop), cancel: cancel}
	w.running.Go(func() {
		value, err := any(nil), coro.ErrGoexit
		defer func() { // even after Goexit, which nothing else survives
			if v := recover(); v != nil {
				value, err = nil, &coro.PanicError{Value: v, Stack: debug.Stack()}
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
		_ = w.places.Release()
		w.tell(lost)
		_ = j.SetResult(nil)
	})
}

// tell reports a panic of abandoned work: otherwise nobody would hear of it.
func (w *workers) tell(err error) {
	task.ReportPanics(w.loop, "abandoned work outside panicked", err)
}

// job is one call of fn. Its Future says only that fn has returned: a Future would
// refuse some of the errors that fn may return.
type job struct {
	*future.Future
	cancel context.CancelFunc

	mu        sync.Mutex // guards what follows
	finished  bool       // value and err are set
	abandoned bool       // nobody will take them
	value     any
	err       error
}

// String is what the task awaits, for a loop that is asked where it stands.
func (j *job) String() string { return "work outside" }

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
