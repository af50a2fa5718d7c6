package lesson

import (
	"errors"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way; task.Gather and wait.Semaphore are right.
var wrongTogether = []Wrong{
	{"gathers the results in the order in which they come", gatherFaults{asTheyCome: true}.impl(), []string{"T17", "T40"}},
	{"gathers in a row: it waits for one, and then for the next", gatherFaults{inARow: true}.impl(), []string{"T18", "T42", "T44", "T19", "T45"}},
	{"gathers only the first that ends", gatherFaults{firstEnds: true}.impl(), []string{"T17", "T39", "T19", "T43"}},
	{"waits for all before it returns the first error", gatherFaults{waitsForAll: true}.impl(), []string{"T18", "T44"}},
	{"returns the first error in the order of the arguments", gatherFaults{firstArgument: true}.impl(), []string{"T42"}},
	{"returns the last error", gatherFaults{lastError: true}.impl(), []string{"T42"}},
	{"drops the errors that it gathers", gatherFaults{noError: true}.impl(), []string{"T18", "T42", "T44"}},
	{"counts only those that don't fail", gatherFaults{countsGood: true}.impl(), []string{"T18", "T42", "T44"}},
	{"cancels the others when one fails", gatherFaults{cancelsOthers: true}.impl(), []string{"T18", "T44"}},
	{"takes a cancellation of one for its own", gatherFaults{oneIsAll: true}.impl(), []string{"T44"}},
	{"doesn't take a cancellation for an error", gatherFaults{noCancel: true}.impl(), []string{"T44"}},
	{"leaves the others behind when it is canceled", gatherFaults{leaves: true}.impl(), []string{"T19", "T45"}},
	{"cancels only the first when it is canceled", gatherFaults{cancelsOne: true}.impl(), []string{"T19", "T45"}},
	{"cancels only those before the first that has ended", gatherFaults{stopsAtDone: true}.impl(), []string{"T19", "T45"}},
	{"gathers, and forgets why it was canceled", gatherFaults{noReason: true}.impl(), []string{"T19", "T45"}},
	{"returns a failure, although it was canceled after that", gatherFaults{failedFirst: true}.impl(), []string{"T45"}},
	{"returns what it gathered, although it was canceled after that", gatherFaults{doneFirst: true}.impl(), []string{"T45"}},
	{"goes on gathering although it was canceled", gatherFaults{deaf: true}.impl(), []string{"T19", "T45"}},
	{"waits forever if there is nothing to gather", gatherFaults{noneWaits: true}.impl(), []string{"T38"}},
	{"waits forever for what is done already", gatherFaults{forgetsDone: true}.impl(), []string{"T39", "T18"}},
	{"gathers a Task that stands twice once", gatherFaults{distinct: true}.impl(), []string{"T40"}},
	{"leaves out a result that is nil", gatherFaults{noNil: true}.impl(), []string{"T39"}},
	{"panics at a nil among the arguments", gatherFaults{nilPanics: true}.impl(), []string{"T41"}},
	{"leaves out a nil among the arguments", gatherFaults{skipsNil: true}.impl(), []string{"T41"}},
	{"waits for the others before it refuses a nil", gatherFaults{nilLate: true}.impl(), []string{"T41"}},
	{"counts where all gathers share the count", gatherFaults{shared: true}.impl(), []string{"T43"}},
	{"loses the error of what has failed already", gatherFaults{doneIsGood: true}.impl(), []string{"T18"}},
	{"asks every millisecond whether all are done", gatherFaults{byTimer: true}.impl(), []string{"T17", "T39", "T40", "T18", "T42", "T44", "T19", "T45", "T43"}},
	{"asks at each turn whether all are done", gatherFaults{polls: true}.impl(), []string{"T17", "T39", "T40", "T18", "T42", "T44", "T19", "T45", "T43"}},
	{"panics when another ends after the first error", gatherFaults{panicsLate: true}.impl(), []string{"T18", "T42", "T19", "T45"}},

	{"lets all in", placeFaults{noLimit: true}.impl(), []string{"P01", "P02", "P03", "P04", "P07", "P05", "P10", "P06", "P08", "P09"}},
	{"lets in one more than there are places", placeFaults{oneMore: true}.impl(), []string{"P01", "P02", "P03", "P04", "P07", "P05", "P10", "P06", "P08", "P09"}},
	{"has one place, whatever the number says", placeFaults{alwaysOne: true}.impl(), []string{"P01", "P08"}},
	{"wakes nobody when a place is released", placeFaults{wakesNobody: true}.impl(), []string{"P01", "P02", "P03", "P04", "P07", "P05", "P10", "P08", "P09"}},
	{"wakes all when a place is released", placeFaults{wakesAll: true}.impl(), []string{"P01", "P02", "P04", "P05", "P10"}},
	{"lets the last one in first", placeFaults{lastFirst: true}.impl(), []string{"P01", "P02", "P04", "P05"}},
	{"has a waiter look again: a newcomer snatches the place", placeFaults{announces: true}.impl(), []string{"P03", "P05", "P10", "P06"}},
	{"frees the place for a newcomer, and lets the waiter in too", placeFaults{givesTwice: true}.impl(), []string{"P03", "P05", "P10", "P06"}},
	{"gives the place away, and counts it as free", placeFaults{countsToo: true}.impl(), []string{"P01", "P03", "P04", "P07", "P05", "P10", "P06", "P08"}},
	{"forgets a place that is released while nobody waits", placeFaults{forgetsFree: true}.impl(), []string{"P01", "P04", "P07", "P10", "P06", "P08"}},
	{"loses the place of one that was canceled in its turn", placeFaults{losesTurn: true}.impl(), []string{"P05", "P10", "P06"}},
	{"gives the place to one that was canceled", placeFaults{givesToGone: true}.impl(), []string{"P04", "P07", "P10"}},
	{"gives back a place that a canceled one never had", placeFaults{givesNone: true}.impl(), []string{"P04", "P07", "P10"}},
	{"lets one in that was canceled", placeFaults{mute: true}.impl(), []string{"P04", "P07", "P05", "P10", "P06"}},
	{"takes the wrong one from the line when one is canceled", placeFaults{wrongOne: true}.impl(), []string{"P04", "P05", "P10"}},
	{"frees the place of one canceled in its turn, and wakes nobody", placeFaults{freesOnly: true}.impl(), []string{"P05", "P10"}},
	{"refuses a release beyond the start", placeFaults{bounded: true}.impl(), []string{"P08"}},
	{"keeps the line where all semaphores share it", placeFaults{shared: true}.impl(), []string{"P09"}},
	{"hands the place on to one that is canceled too", placeFaults{givesOnBlindly: true}.impl(), []string{"P10"}},
	{"loses the place if all that wait are canceled", placeFaults{losesIfAllGone: true}.impl(), []string{"P07"}},
	{"waits for a place, and forgets why it was canceled", placeFaults{noReason: true}.impl(), []string{"P04", "P07", "P05", "P10", "P06"}},
	{"takes itself from the line where it stood at first", placeFaults{oldNumber: true}.impl(), []string{"P04"}},
	{"passes over one that was canceled, but not two", placeFaults{skipsOne: true}.impl(), []string{"P07"}},
	{"has a channel for places, which stops the loop", placeFaults{channel: true}.impl(), []string{"P01"}},
	{"asks every millisecond whether a place is free", placeFaults{byTimer: true}.impl(), []string{"P01", "P02", "P03", "P04", "P07", "P05", "P10", "P06", "P08", "P09"}},
	{"asks at each turn whether a place is free", placeFaults{polls: true}.impl(), []string{"P01", "P02", "P03", "P04", "P07", "P05", "P10", "P06", "P08", "P09"}},
}

type gatherFaults struct {
	asTheyCome, inARow, firstEnds, waitsForAll, firstArgument, lastError, noError, countsGood, cancelsOthers, oneIsAll, noCancel, leaves    bool
	cancelsOne, deaf, noneWaits, forgetsDone, distinct, noNil, nilPanics, skipsNil, nilLate, shared, polls, panicsLate, doneIsGood, byTimer bool
	stopsAtDone, noReason, failedFirst, doneFirst                                                                                           bool
}

func (f gatherFaults) impl() Impl { return Impl{Gather: f.gather} }

// sharedLeft is how many are left, if all gathers count in one place.
var sharedLeft int

// gatherer is one call of a gather that is wrong.
type gatherer struct {
	gatherFaults
	as     []task.Awaitable
	all    *future.Future
	left   *int
	failed task.Awaitable
	came   []any // the results, in the order in which they come
}

func (f gatherFaults) gather(yield coro.Yield, as ...task.Awaitable) ([]any, error) {
	l, err := task.LoopOf(yield)
	if err != nil || len(as) == 0 && !f.noneWaits {
		return nil, err
	}
	g := &gatherer{gatherFaults: f, all: future.New(l), left: new(int)}
	if f.shared {
		g.left = &sharedLeft
	}
	hasNil := g.take(as)
	if hasNil && !f.skipsNil && !f.nilLate {
		return nil, task.ErrNotAwaitable
	}
	switch {
	case f.inARow:
		return g.row(yield)
	case f.polls, f.byTimer:
		for _, a := range g.as {
			for !a.Done() {
				_ = f.nap(yield)
			}
		}
		return g.row(yield)
	}
	*g.left = len(g.as)
	for _, a := range g.as {
		if f.forgetsDone && a.Done() {
			continue
		}
		if f.doneIsGood && a.Done() {
			*g.left--
			continue
		}
		a.AddDoneCallback(func() { g.ended(a) })
	}
	if f.doneIsGood && *g.left == 0 {
		return g.results()
	}
	if err := g.wait(yield); err != nil {
		return nil, err
	}
	if hasNil && f.nilLate {
		return nil, task.ErrNotAwaitable
	}
	return g.results()
}

// nap is how code waits that asks again and again.
func (f gatherFaults) nap(yield coro.Yield) error {
	if f.byTimer {
		return task.Sleep(yield, time.Millisecond)
	}
	return task.Checkpoint(yield)
}

// take keeps what is to be gathered, and reports whether there is a nil.
func (g *gatherer) take(as []task.Awaitable) (hasNil bool) {
	seen := map[task.Awaitable]bool{}
	for _, a := range as {
		if a == nil && !g.nilPanics {
			hasNil = true
			continue
		}
		if g.distinct && seen[a] {
			continue
		}
		seen[a] = true
		g.as = append(g.as, a)
	}
	return hasNil
}

// row waits for one after the other.
func (g *gatherer) row(yield coro.Yield) ([]any, error) {
	var values []any
	for _, a := range g.as {
		v, err := task.Await(yield, a)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// ended is the callback of a.
func (g *gatherer) ended(a task.Awaitable) {
	v, err := a.Result()
	if g.noCancel && errors.Is(err, future.ErrCanceled) || g.noError {
		err = nil
	}
	if err == nil {
		g.came = append(g.came, v)
	}
	if err == nil || !g.countsGood {
		*g.left--
	}
	if err != nil && (g.failed == nil || g.lastError) {
		g.failed = a
	}
	if err != nil && g.countsGood {
		return
	}
	if *g.left == 0 || g.firstEnds || g.failed != nil && !g.waitsForAll {
		if g.oneIsAll && errors.Is(err, future.ErrCanceled) {
			g.all.Cancel()
		}
		if g.all.SetResult(nil) != nil && g.panicsLate {
			panic("it is done already")
		}
	}
}

// wait waits for the end of all, and deals with a cancellation.
func (g *gatherer) wait(yield coro.Yield) error {
	_, err := task.Await(yield, g.all)
	if err == nil || g.failedFirst && g.failed != nil || g.doneFirst && *g.left == 0 {
		return nil
	}
	if g.noReason {
		err = future.ErrCanceled
	}
	switch {
	case g.deaf:
		for _, a := range g.as {
			_, _ = task.Await(yield, a)
		}
		return nil
	case g.cancelsOne:
		g.as[0].Cancel()
	case !g.leaves:
		for _, a := range g.as {
			if !a.Cancel() && g.stopsAtDone {
				break
			}
		}
	}
	return err
}

func (g *gatherer) results() ([]any, error) {
	if g.failed != nil {
		if g.cancelsOthers {
			for _, a := range g.as {
				a.Cancel()
			}
		}
		if g.firstArgument {
			for _, a := range g.as {
				if _, err := a.Result(); a.Done() && err != nil {
					return nil, err
				}
			}
		}
		_, err := g.failed.Result()
		return nil, err
	}
	if g.asTheyCome {
		return g.came, nil
	}
	var values []any
	for _, a := range g.as {
		if v, _ := a.Result(); v != nil || !g.noNil {
			values = append(values, v)
		}
	}
	return values, nil
}
