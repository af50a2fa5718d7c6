package lesson

// The functions that are WRONG ON PURPOSE of lesson 17's second half. Read outside_wrong.go
// first.

import (
	"errors"
	"sync"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

type threadFaults struct {
	onLoop, blocks, asks, naps, noError, noResult, noHold, holds, holdsNot, holdsCanceled, holdsThread, insists, swallows, ends bool
	one                                                                                                                         *sync.Mutex
}

func (f threadFaults) impl() Impl { return Impl{RunInThread: f.run} }

func (f threadFaults) run(yield coro.Yield, fn func() (any, error)) (value any, err error) {
	if f.onLoop {
		return fn()
	}
	l, err := task.LoopOf(yield)
	if err != nil {
		return nil, err
	}
	release := func() {}
	if !f.noHold {
		release = l.Hold()
		switch {
		case f.holdsNot:
			release()
		case f.holdsCanceled:
			defer func() {
				if err == nil {
					release()
				}
			}()
		case !f.holds && !f.holdsThread:
			defer release()
		}
	}
	done, ended := future.New(l), make(chan struct{})
	go func() {
		if f.one != nil {
			f.one.Lock()
			defer f.one.Unlock()
		}
		value, err := fn()
		defer close(ended)
		if f.ends && value != "too late" { // its case may be over
			_ = future.New(l).SetResult(value)
		}
		_ = l.CallSoonThreadsafe(func() { f.finish(done, value, err) })
		if f.holdsThread {
			release()
		}
	}()
	return f.wait(yield, done, ended)
}

func (f threadFaults) finish(done *future.Future, value any, err error) {
	switch {
	case err != nil && !f.noError:
		_ = done.SetError(err)
	case f.noResult:
		_ = done.SetResult(nil)
	default:
		_ = done.SetResult(value)
	}
}

func (f threadFaults) wait(yield coro.Yield, done *future.Future, ended chan struct{}) (any, error) {
	if f.blocks {
		<-ended
	}
	for (f.asks || f.naps) && !done.Done() {
		pause := task.Checkpoint
		if f.naps {
			pause = func(yield coro.Yield) error { return task.Sleep(yield, time.Millisecond) }
		}
		if err := pause(yield); err != nil {
			return nil, err
		}
	}
	value, err := task.Await(yield, done)
	for f.insists && !done.Done() || f.insists && errors.Is(err, future.ErrCanceled) {
		select {
		case <-ended:
			return value, err
		default:
			_ = task.Checkpoint(yield)
		}
	}
	if f.swallows && errors.Is(err, future.ErrCanceled) {
		return nil, nil
	}
	return value, err
}
