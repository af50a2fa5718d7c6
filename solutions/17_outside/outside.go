// Package outside is a solution of lesson 17.
package outside

import (
	"errors"
	"sync"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

var errClosed = errors.New("the loop is closed")

// wakingLoop has a queue that any goroutine may put calls into, and a pipe: a byte in it
// wakes the loop, or keeps it from falling asleep.
type wakingLoop struct {
	poller lesson.Poller
	pipe   [2]int

	mu     sync.Mutex // for all below, and for writing to the pipe
	calls  []func()
	closed bool
}

// NewWakingLoop makes a loop on p that other goroutines may wake.
func NewWakingLoop(p lesson.Poller) (lesson.WakingLoop, error) {
	l := &wakingLoop{poller: p}
	if err := unix.Pipe2(l.pipe[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	if err := p.Register(l.pipe[0], selector.Read, nil); err != nil {
		return nil, errors.Join(err, unix.Close(l.pipe[0]), unix.Close(l.pipe[1]))
	}
	return l, nil
}

// CallSoonThreadsafe has the next round run fn.
func (l *wakingLoop) CallSoonThreadsafe(fn func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	l.calls = append(l.calls, fn)
	_, err := unix.Write(l.pipe[1], []byte{0})
	if err == unix.EAGAIN { // the pipe is full: the loop is awake
		err = nil
	}
	return err
}

// Round sleeps until a call has come, and runs all that have.
func (l *wakingLoop) Round() error {
	if _, err := l.poller.Select(-1); err != nil {
		return err
	}
	p := make([]byte, 4096)
	for n := len(p); n == len(p); { // before it takes the queue: a byte that comes from here on stays
		n, _ = unix.Read(l.pipe[0], p)
	}
	l.mu.Lock()
	calls := l.calls
	l.calls = nil
	l.mu.Unlock()
	for _, fn := range calls {
		fn()
	}
	return nil
}

// Close closes the pipe.
func (l *wakingLoop) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	return errors.Join(l.poller.Unregister(l.pipe[0]), unix.Close(l.pipe[0]), unix.Close(l.pipe[1]))
}

// RunInThread calls fn in another goroutine, and pauses until it has returned.
func RunInThread(yield coro.Yield, fn func() (any, error)) (any, error) {
	l, err := task.LoopOf(yield)
	if err != nil {
		return nil, err
	}
	defer l.Hold()()
	f := future.New(l)
	go func() {
		value, err := fn()
		_ = l.CallSoonThreadsafe(func() {
			if err != nil {
				_ = f.SetError(err)
			} else {
				_ = f.SetResult(value)
			}
		})
	}()
	return task.Await(yield, f)
}
