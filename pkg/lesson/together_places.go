package lesson

// The cases of lesson 13 that judge a semaphore. Read together_gather.go first.

import (
	"errors"
	"slices"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// A door is a semaphore, and what those who came to it have said.
type door struct {
	*engine
	Semaphore
	heard []string // "a in", "b: canceled"
	came  []*task.Task
}

func (e *engine) door(n int) *door { return &door{engine: e, Semaphore: e.impl.NewSemaphore(n)} }

// comes spawns a task for each name that acquires a place, and keeps it.
func (d *door) comes(names ...string) (last *task.Task) {
	for _, name := range names {
		last = task.Spawn(d.Loop, func(yield coro.Yield) (any, error) { return nil, d.enter(yield, name) })
		d.came = append(d.came, last)
	}
	return last
}

// enter acquires a place, and notes how that ended.
func (d *door) enter(yield coro.Yield, name string) error {
	err := d.Acquire(yield)
	switch {
	case errors.Is(err, ErrTODO):
	case errors.Is(err, future.ErrCanceled) && errors.Is(err, errTooLong):
		d.heard = append(d.heard, name+": canceled")
	case errors.Is(err, future.ErrCanceled):
		d.heard = append(d.heard, name+": canceled, and not why")
	case err != nil:
		d.heard = append(d.heard, name+": "+err.Error())
	default:
		d.heard = append(d.heard, name+" in")
	}
	return err
}

// hears lets everything run that can, and expects these notes since the last time, in any
// order: who is told first that it was canceled is of no importance.
func (d *door) hears(tried string, want ...string) {
	d.settle(d.came...)
	for _, t := range d.came {
		if _, err := t.Result(); errors.Is(err, ErrTODO) {
			fail(tried, trial.Said(err), "a place", err)
		}
	}
	got := d.heard
	d.heard = nil
	slices.Sort(got)
	slices.Sort(want)
	wantHeard(tried, got, want)
}

func placesLimit(e *engine) {
	d := e.door(3)
	d.comes("a", "b", "c", "d", "e")
	d.hears("five come to three places", "a in", "b in", "c in")
	d.Release()
	d.hears("five come to three places, and one leaves", "d in")
	for range 4 {
		d.Release()
	}
	d.hears("they all leave", "e in")
	d.comes("f", "g", "h", "i")
	d.hears("they all leave, and four others come", "f in", "g in", "h in")
}

func placesOrder(e *engine) {
	d := e.door(1)
	names := strings.Split("abcdefghijkl", "") // so many that no order by chance is the right one
	d.comes(names...)
	d.hears("twelve come to one place", "a in")
	for i, next := range names[1:] {
		d.Release()
		d.hears("twelve, a to l, come to one place, and "+names[i]+" leaves", next+" in")
	}
}

func placesNewcomer(e *engine) {
	d := e.door(1)
	greedy := task.Spawn(d.Loop, func(yield coro.Yield) (any, error) {
		err := d.enter(yield, "a")
		if err == nil {
			err = task.Checkpoint(yield) // b comes
		}
		if err == nil {
			d.Release()
			err = d.enter(yield, "a again")
		}
		return nil, err
	})
	d.came = append(d.came, greedy)
	d.comes("b")
	d.hears("a releases its place while b waits, and acquires again at once", "a in", "b in")
	d.Release()
	d.hears("then b releases it", "a again in")

	d = e.door(1)
	d.comes("a", "b")
	d.hears("two come to one place", "a in")
	d.Release()
	d.comes("c")
	d.hears("a leaves while b waits, and c comes before b has run", "b in")
	d.Release()
	d.hears("then b leaves", "c in")
}

func placesCanceled(e *engine) {
	d := e.door(1)
	d.comes("a", "b", "c")
	gone := d.comes("d")
	d.comes("e")
	d.hears("five come to one place", "a in")
	d.Release()
	d.hears("five come to one place, and a leaves", "b in")
	gone.CancelCause(errTooLong)
	d.hears("then c, d and e wait, and d is canceled", "d: canceled")
	for _, next := range []string{"c", "e"} {
		d.Release()
		d.hears("c, d and e wait, d is canceled, and then others leave", next+" in")
	}
	d.Release()
	d.comes("f", "g")
	d.hears("they all leave, and two others come", "f in")
}

func placesCanceledFirst(e *engine) {
	d := e.door(1)
	d.comes("a")
	first, second := d.comes("b"), d.comes("c")
	d.comes("d")
	d.hears("four come to one place", "a in")
	first.CancelCause(errTooLong)
	second.CancelCause(errTooLong)
	d.Release()
	d.hears("b, c and d wait, b and c are canceled, and a leaves before they have run", "b: canceled", "c: canceled", "d in")
	d.Release()
	d.comes("e", "f")
	d.hears("then d leaves, and two others come", "e in")

	d = e.door(1)
	d.comes("a")
	first = d.comes("b")
	d.hears("two come to one place", "a in")
	first.CancelCause(errTooLong)
	d.Release()
	d.hears("b alone waits, is canceled, and a leaves before b has run", "b: canceled")
	d.comes("c", "d")
	d.hears("then two others come", "c in")
}

func placesTurnLost(e *engine) {
	d := e.door(1)
	d.comes("a")
	gone := d.comes("b")
	d.comes("c", "d")
	d.hears("four come to one place", "a in")
	d.Release()
	gone.CancelCause(errTooLong)
	d.hears("a leaves while b, c and d wait, and b is canceled before it has run", "b: canceled", "c in")
	d.comes("e")
	d.hears("then another comes, while c has the place")
	d.Release()
	d.hears("then c leaves", "d in")
}

func placesTurnGone(e *engine) {
	d := e.door(1)
	d.comes("a")
	first, second := d.comes("b"), d.comes("c")
	d.comes("d")
	d.hears("four come to one place", "a in")
	d.Release()
	first.CancelCause(errTooLong)
	second.CancelCause(errTooLong)
	d.hears("a leaves while b, c and d wait, and b and c are canceled before they have run", "b: canceled", "c: canceled", "d in")
	d.Release()
	d.comes("e", "f")
	d.hears("then d leaves, and two others come", "e in")
}

func placesTurnFree(e *engine) {
	d := e.door(1)
	d.comes("a")
	gone := d.comes("b")
	d.hears("two come to one place", "a in")
	d.Release()
	gone.CancelCause(errTooLong)
	d.hears("a leaves while b waits, and b is canceled before it has run", "b: canceled")
	d.comes("c", "d")
	d.hears("then two others come", "c in")
}

func placesMore(e *engine) {
	d := e.door(0)
	d.comes("a")
	d.hears("one comes, and there is no place")
	d.Release()
	d.hears("a place is released that nobody had", "a in")
	d.Release()
	d.Release()
	d.comes("b", "c", "d")
	d.hears("two more are released, and then three come", "b in", "c in")

	d = e.door(1)
	d.Release()
	d.comes("a", "b", "c")
	d.hears("there is one place, another is released, and three come", "a in", "b in")
}

func placesTwo(e *engine) {
	one, two := e.door(1), e.door(1)
	one.comes("a", "b")
	two.comes("c", "d")
	one.hears("two come to one semaphore, and two to another", "a in")
	two.hears("two come to one semaphore, and two to another", "c in")
	two.Release()
	one.hears("one leaves the second semaphore, and look at the first")
	two.hears("one leaves the second semaphore", "d in")
	one.Release()
	one.hears("one leaves the first semaphore", "b in")
}
