package lesson

// The second half of lesson 17's cases: work that blocks, in a thread of its own. Read
// outside.go first.

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

var (
	errOutside = errors.New("no such file")
	errAlone   = errors.New("it has waited for the other one in vain")
)

// inThread judges a RunInThread in a task of a loop on a doorway.
func inThread(impl Impl, body func(yield coro.Yield, l *loop.Loop, d *doorway)) {
	s, err := selector.New()
	trial.Must(err)
	d := &doorway{Selector: s, patient: limit / 4}
	onLoop(d, func(yield coro.Yield, l *loop.Loop) { body(yield, l, d) })
}

func threadResult(impl Impl) {
	inThread(impl, func(yield coro.Yield, l *loop.Loop, d *doorway) {
		for _, want := range []any{"x", 7, nil} {
			got, err := impl.RunInThread(yield, func() (any, error) { return want, nil })
			noError("run a function in a thread", err)
			if got != want {
				fail(fmt.Sprintf("run a function in a thread that returns %v", want), fmt.Sprint(got), fmt.Sprint(want), nil)
			}
		}
	})
}

func threadError(impl Impl) {
	inThread(impl, func(yield coro.Yield, l *loop.Loop, d *doorway) {
		got, err := impl.RunInThread(yield, func() (any, error) { return "half", errOutside })
		wantError("run a function in a thread that fails", err, errOutside)
		if got != nil && got != "half" {
			fail("run a function in a thread that fails", fmt.Sprint(got), "nothing, or what the function returned", err)
		}
	})
}

// asleep is closed just before the loop sleeps.
func (d *doorway) asleep() chan struct{} {
	sleeps := make(chan struct{})
	d.before = func() { close(sleeps) }
	return sleeps
}

func threadWakes(impl Impl) {
	inThread(impl, func(yield coro.Yield, l *loop.Loop, d *doorway) {
		const tried = "run a function in a thread that ends while the loop sleeps"
		for range 3 {
			release := make(chan struct{})
			end := sync.OnceFunc(func() { close(release) })
			defer end()
			t := task.Spawn(l, func(yield coro.Yield) (any, error) {
				return impl.RunInThread(yield, func() (any, error) { <-release; return "x", nil })
			})
			settles(yield, l)
			d.timeouts = nil
			d.before = end
			got, err := task.Await(yield, t)
			noError(tried, err)
			if got != "x" {
				fail(tried, fmt.Sprint(got), "x", nil)
			}
			for _, timeout := range d.timeouts {
				if 0 < timeout && timeout < time.Second {
					fail(tried, fmt.Sprintf("a loop that sleeps for %v at a time", timeout), "one that sleeps until it is woken", nil)
				}
			}
		}
	})
}

// alone runs body as the only task of a loop that has nothing else to wait for.
func alone(d *doorway, body coro.Body) (err error) {
	trial.Must(trial.WithLoop(d, func(l *loop.Loop, _ func() error) error {
		_, err = task.Run(l, body)
		return nil
	}))
	var failed *coro.PanicError
	if errors.As(err, &failed) { // a check in body has ended the case
		panic(failed.Value)
	}
	return err
}

func threadAlone(impl Impl) {
	s, err := selector.New()
	trial.Must(err)
	d := &doorway{Selector: s, patient: limit / 4}
	err = alone(d, func(yield coro.Yield) (any, error) {
		sleeps := d.asleep()
		return impl.RunInThread(yield, func() (any, error) { <-sleeps; return nil, nil })
	})
	if errors.Is(err, loop.ErrDeadlock) {
		fail("run a function in a thread, with nothing else to do", trial.Said(err), "a loop that waits for the thread", err)
	}
	noError("run a function in a thread, with nothing else to do", err)
}

func threadOver(impl Impl) {
	for _, ends := range []string{"it has ended", "it was canceled"} {
		s, err := selector.New()
		trial.Must(err)
		d, over := &doorway{Selector: s}, make(chan struct{})
		err = alone(d, func(yield coro.Yield) (any, error) {
			l, err := task.LoopOf(yield)
			trial.Must(err)
			if ends == "it has ended" {
				asleep := d.asleep() // a loop that doesn't wait for the thread never sleeps
				d.patient = limit / 4
				defer close(over)
				_, err := impl.RunInThread(yield, func() (any, error) {
					select {
					case <-asleep:
					case <-over:
					}
					return nil, nil
				})
				d.patient = 0
				noError("run a function in a thread", err)
			} else {
				cancelsWhileItRuns(yield, l, impl, func() { _, _ = task.Await(yield, future.New(l)) }, func() {})
			}
			return task.Await(yield, future.New(l))
		})
		if !errors.Is(err, loop.ErrDeadlock) {
			fail("run a function in a thread, and when "+ends+", wait for what can't come", trial.Said(err), trial.Said(loop.ErrDeadlock), err)
		}
	}
}

func threadCanceled(impl Impl) {
	inThread(impl, func(yield coro.Yield, l *loop.Loop, d *doorway) {
		cancelsWhileItRuns(yield, l, impl, func() {}, func() { rounds(yield, 3) })
	})
}

// cancelsWhileItRuns cancels a task whose work is still going on, calls meanwhile, lets the
// work end, and calls after.
func cancelsWhileItRuns(yield coro.Yield, l *loop.Loop, impl Impl, meanwhile, after func()) {
	release, began, left := make(chan struct{}), make(chan struct{}), make(chan struct{})
	end := sync.OnceFunc(func() { close(release); <-left })
	t := task.Spawn(l, func(yield coro.Yield) (any, error) {
		return impl.RunInThread(yield, func() (any, error) {
			defer close(left)
			close(began)
			<-release
			return "too late", nil
		})
	})
	rounds(yield, 2)
	<-began
	defer end()
	t.Cancel()
	rounds(yield, 3)
	if !t.Done() {
		fail("cancel a task while its work goes on in a thread", "a task that waits for the work", "an end at once", trial.ErrWaits)
	}
	_, err := t.Result()
	wantError("cancel a task while its work goes on in a thread", err, future.ErrCanceled)
	meanwhile()
	end()
	after()
}

func threadTwo(impl Impl) {
	inThread(impl, func(yield coro.Yield, l *loop.Loop, d *doorway) {
		first, second := make(chan struct{}), make(chan struct{})
		meets := func(mine, other chan struct{}) coro.Body {
			return func(yield coro.Yield) (any, error) {
				return impl.RunInThread(yield, func() (any, error) {
					close(mine)
					select {
					case <-other:
						return nil, nil
					case <-time.After(limit / 5):
						return nil, errAlone
					}
				})
			}
		}
		_, err := task.Gather(yield, task.Spawn(l, meets(first, second)), task.Spawn(l, meets(second, first)))
		noError("run two functions in threads, each of which waits for the other", err)
	})
}

func threadOthers(impl Impl) {
	inThread(impl, func(yield coro.Yield, l *loop.Loop, d *doorway) {
		third := make(chan struct{})
		other := task.Spawn(l, func(yield coro.Yield) (any, error) {
			rounds(yield, 3)
			close(third)
			return nil, nil
		})
		_, err := impl.RunInThread(yield, func() (any, error) { <-third; return nil, nil })
		noError("run a function in a thread that waits for another task's third turn", err)
		_, err = task.Await(yield, other)
		trial.Must(err)
	})
}
