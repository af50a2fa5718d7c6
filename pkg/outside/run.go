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

// mostAtOnce is how many goroutines work for one loop at a time; those that come
// then wait in a line. Work that blocks in the kernel holds a thread, and
// thousands of them would be worse than the wait. asyncio has the same bound.
const mostAtOnce = 32

// Run calls fn in a goroutine and pauses until it has returned, with what it
// returned: asyncio's to_thread. fn must touch nothing that lives on the loop. A
// panic of fn is a *coro.PanicError, runtime.Goexit is coro.ErrGoexit.
//
// If the task is cancelled, or the loop closes, Run returns at once; fn's ctx is
// then done, and its result is abandoned: an io.Closer is closed, a panic is
// reported to the loop's exception handler. fn itself can't be stopped: until it
// returns it keeps one of the 32 places that a loop has, and the loop's Close
// waits for its end, after all else on the loop was closed.
//
// Errors of its own: future.ErrCanceled, loop.ErrClosed, ErrNilLoop,
// ErrNilFunc, and those of task.Await.
func Run(yield coro.Yield, l *loop.Loop, fn func(ctx context.Context) (any, error)) (any, error) {
	w, err := workersOf(yield, l, fn)
	if err != nil {
		return nil, fmt.Errorf("outside: run: %w", err)
	}
	defer l.Hold()() // as long as a task waits, also for a place
	if err := w.places.Acquire(yield); err != nil {
		return nil, fmt.Errorf("outside: run: %w", err)
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
// Invariant: places taken = goroutines that have not ended, or whose end the loop
// has not heard of yet.
type workers struct {
	loop    *loop.Loop
	places  *wait.Semaphore
	running sync.WaitGroup
	asked   bool // Close was called before
}

// of has the workers of each loop that is not closed.
var of = struct {
	sync.Mutex
	loops map[*loop.Loop]*workers
}{loops: map[*loop.Loop]*workers{}}

func workersOf(yield coro.Yield, l *loop.Loop, fn func(context.Context) (any, error)) (*workers, error) {
	switch {
	case yield == nil:
		return nil, task.ErrNoTask
	case l == nil:
		return nil, ErrNilLoop
	case fn == nil:
		return nil, ErrNilFunc
	case l.Closed():
		return nil, loop.ErrClosed
	}
	of.Lock()
	defer of.Unlock()
	w := of.loops[l]
	if w == nil {
		w = &workers{loop: l, places: wait.NewBoundedSemaphore(mostAtOnce)}
		of.loops[l] = w
		l.Site().Own(w)
	}
	return w, nil
}

// Close waits for what still works; the loop has closed the tasks that wanted it,
// and so its context is done. A goroutine that is deaf to that may wait for a peer on
// this very loop, so the first call puts it off until everything else is closed.
func (w *workers) Close() error {
	if !w.asked {
		w.asked = true
		w.loop.Site().Own(w)
		return nil
	}
	w.running.Wait()
	of.Lock()
	defer of.Unlock()
	delete(of.loops, w.loop)
	return nil
}

// begin starts the goroutine, for which a place has been taken.
func (w *workers) begin(fn func(context.Context) (any, error)) *job {
	ctx, cancel := context.WithCancel(context.Background())
	j := &job{Future: future.New(w.loop), cancel: cancel}
	w.running.Go(func() {
		value, err := any(nil), coro.ErrGoexit
		defer func() { // also after Goexit, which nothing else survives
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

// end tells the loop that j is over. It refuses to hear when it closes: nobody
// waits then.
func (w *workers) end(j *job, lost error) {
	_ = w.loop.CallSoonThreadsafe(func() {
		_ = w.places.Release()
		w.tell(lost)
		_ = j.SetResult(nil)
	})
}

// tell reports a panic whose result was abandoned: nobody else would hear of it.
func (w *workers) tell(err error) {
	task.ReportPanics(w.loop, "abandoned work outside panicked", err)
}

// job is one call of fn. Its Future only says that fn has returned: a Future
// would refuse some of the errors that fn may return.
type job struct {
	*future.Future
	cancel context.CancelFunc

	mu        sync.Mutex // guards what follows
	finished  bool       // value and err are there
	abandoned bool       // nobody will take them
	value     any
	err       error
}

// String is what a loop that is asked where it stands says the task awaits.
func (j *job) String() string { return "work outside" }

// finish is the goroutine's last word. lost is the error if nobody wants it.
func (j *job) finish(value any, err error) (lost error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.finished, j.value, j.err = true, value, err
	if j.abandoned {
		return j.drop()
	}
	return nil
}

// abandon is the task's last word. lost is the error if fn has returned already.
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

// drop closes what nobody will close.
func (j *job) drop() error {
	if c, ok := j.value.(io.Closer); ok && j.err == nil {
		_ = c.Close()
	}
	return j.err
}
