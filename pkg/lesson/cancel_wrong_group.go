package lesson

import (
	"errors"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way.
var wrongGroups = []Wrong{
	{"doesn't wait for its tasks", groupFaults{noWait: true}.impl(), []string{"T38", "U16", "T22", "T39", "T40", "T47", "T41", "T21", "T43"}},
	{"waits only for the tasks that the block has started", groupFaults{noGrandchildren: true}.impl(), []string{"T38", "T40", "T47", "T21", "T43"}},
	{"is over at the first moment without a task", groupFaults{earlyIdle: true}.impl(), []string{"T38"}},
	{"only waits for its tasks, one after the other", groupFaults{onlyWaits: true}.impl(), []string{"T20", "T22", "T39", "T40", "T41", "T21", "T42", "T43", "T46"}},
	{"waits for its tasks one after the other, and so hears of a failure late", groupFaults{inOrder: true}.impl(), []string{"T20", "T22", "T41", "T21", "T42", "T46"}},
	{"lets the others go on when one fails", groupFaults{noCancel: true}.impl(), []string{"T20", "T22", "T21", "T42"}},
	{"doesn't wait for those that it has canceled", groupFaults{leaves: true}.impl(), []string{"T22", "T40", "T47", "T43"}},
	{"keeps only the first error", groupFaults{firstOnly: true}.impl(), []string{"T22", "T39", "T43", "T46"}},
	{"keeps only the last error", groupFaults{lastOnly: true}.impl(), []string{"T22", "T39", "T43", "T46"}},
	{"drops an error that comes with a cancellation", groupFaults{dropsJoined: true}.impl(), []string{"T22", "T39"}},
	{"keeps the cancellation that comes with an error", groupFaults{keepsJoined: true}.impl(), []string{"T22", "T39"}},
	{"keeps the words of the errors, and loses what they are", groupFaults{onlyText: true}.impl(), []string{"U16", "T20", "T22", "T39", "T40", "T47", "T21", "T43", "T46"}},
	{"takes a canceled task for one that failed", groupFaults{canceledFails: true}.impl(), []string{"T41"}},
	{"cancels the tasks again with each failure", groupFaults{again: true}.impl(), []string{"T22"}},
	{"lets the block wait on when a task fails", groupFaults{deafBlock: true}.impl(), []string{"T20", "T22", "T42"}},
	{"leaves its own cancellation to the task", groupFaults{keepsCancel: true}.impl(), []string{"T42", "T46"}},
	{"returns its own cancellation with the failure", groupFaults{saysCanceled: true}.impl(), []string{"T20"}},
	{"drops the error of its block", groupFaults{noBlockError: true}.impl(), []string{"T22", "T39", "T40"}},
	{"lets its tasks go on when the block fails", groupFaults{blockAlone: true}.impl(), []string{"T39"}},
	{"waits on when it is canceled from outside", groupFaults{deaf: true}.impl(), []string{"T40", "T47", "T21"}},
	{"returns at once when it is canceled from outside", groupFaults{hurries: true}.impl(), []string{"T40", "T47", "T43"}},
	{"asks again at each turn instead of sleeping", groupFaults{polls: true}.impl(), []string{"T38", "U16", "T40", "T47", "T41", "T21", "T43"}},
	{"waits again for a Future that is canceled", groupFaults{spins: true}.impl(), []string{"T40"}},
	{"drops what its block returns after a task has failed", groupFaults{noLateBlockError: true}.impl(), []string{"T22"}},
	{"keeps its tasks where all groups share them", groupFaults{shared: true}.impl(), []string{"T38", "U16", "T40", "T21", "T46"}},
	{"stops waiting when it is canceled from outside again", groupFaults{stopsAtSecond: true}.impl(), []string{"T47"}},
	{"forgets why it was canceled from outside", groupFaults{noReason: true}.impl(), []string{"T40"}},
	{"says nothing of the failures if it is canceled from outside", groupFaults{cancelHides: true}.impl(), []string{"T43", "T46"}},
	{"takes back its own cancellation, and that of others with it", groupFaults{takesAll: true}.impl(), []string{"T46"}},
	{"starts tasks after a cancellation from outside", groupFaults{startsCanceled: true}.impl(), []string{"T21"}},
	{"says nothing of a cancellation from outside", groupFaults{mute: true}.impl(), []string{"T40", "T47", "T21", "T43", "T46"}},
	{"says nothing of a cancellation from outside if a task has failed", groupFaults{failureWins: true}.impl(), []string{"T43", "T46"}},
	{"starts tasks after a failure", groupFaults{startsFailed: true}.impl(), []string{"T21"}},
	{"starts tasks after its end", groupFaults{startsOver: true}.impl(), []string{"T21"}},
}

type groupFaults struct {
	noWait, noGrandchildren, inOrder, noCancel, leaves, firstOnly, lastOnly, canceledFails, again, deafBlock        bool
	keepsCancel, saysCanceled, noBlockError, blockAlone, deaf, hurries, mute, failureWins                           bool
	startsFailed, startsOver, spins, noLateBlockError, shared, onlyWaits, dropsJoined, keepsJoined, onlyText, polls bool
	stopsAtSecond, noReason, cancelHides, takesAll, startsCanceled, earlyIdle                                       bool
}

func (f groupFaults) impl() Impl {
	return Impl{Group: func(yield coro.Yield, block func(yield coro.Yield, start func(coro.Body)) error) error {
		owner, err := task.Current(yield)
		if err != nil {
			return err
		}
		g := &wrongGroup{groupFaults: f, owner: owner, before: owner.Cancelling()}
		if f.shared {
			if sharedGroup.owner == nil || sharedGroup.owner.Loop() != owner.Loop() {
				*sharedGroup = *g
			}
			g = sharedGroup
		}
		return g.run(yield, block)
	}}
}

// sharedGroup is the one of all, if they share it.
var sharedGroup = &wrongGroup{}

type wrongGroup struct {
	groupFaults
	owner  *task.Task
	tasks  []*task.Task
	alive  int
	block  bool // it runs
	failed bool
	over   bool
	warned bool // we have canceled the owner
	errs   []error
	idle   *future.Future
	before int   // how many Cancels of the owner were open
	theirs error // its cancellation from outside
}

func (g *wrongGroup) run(yield coro.Yield, block func(yield coro.Yield, start func(coro.Body)) error) error {
	g.block = true
	if g.earlyIdle {
		g.idle = future.New(g.owner.Loop())
	}
	err := block(yield, g.start)
	g.block = false
	if g.onlyWaits {
		return g.inTurn(yield, err)
	}
	g.blockEnds(err)
	if g.noWait {
		g.over = true
		return errors.Join(g.errs...)
	}
	if g.noGrandchildren {
		g.failed = g.failed || !g.startsFailed
		for _, t := range g.tasks {
			_, _ = task.Shield(yield, t)
		}
	}
	if g.inOrder {
		for i := 0; i < len(g.tasks) && !g.failed; i++ {
			if _, err := task.Await(yield, g.tasks[i]); err != nil {
				g.fail(err)
			}
		}
	}
	g.wait(yield)
	g.over = true
	if g.cancelHides && g.theirs != nil {
		return g.theirs
	}
	return errors.Join(g.errs...)
}

// inTurn waits for each task, and does nothing else. It returns the first error.
func (g *wrongGroup) inTurn(yield coro.Yield, err error) error {
	for i := 0; i < len(g.tasks); i++ {
		if _, failed := task.Await(yield, g.tasks[i]); err == nil {
			err = failed
		}
	}
	return err
}

// blockEnds takes the block's error.
func (g *wrongGroup) blockEnds(err error) {
	if g.warned {
		if !g.keepsCancel && g.owner.Uncancel() > g.before && !g.takesAll {
			g.canceled(future.ErrCanceled)
		}
		if !g.saysCanceled {
			err = future.WithoutCancel(err)
		}
	}
	if errors.Is(err, future.ErrCanceled) {
		g.theirs = err
		if g.noReason {
			err = future.ErrCanceled
		}
	}
	switch {
	case err == nil:
	case g.mute && errors.Is(err, future.ErrCanceled):
		g.cancel()
	case g.noLateBlockError && g.failed:
	case g.noBlockError:
		g.cancel()
	case g.blockAlone && !errors.Is(err, future.ErrCanceled):
		g.errs = append(g.errs, err)
	default:
		g.keep(err)
		if !g.failed {
			g.cancel()
		}
	}
}

func (g *wrongGroup) wait(yield coro.Yield) {
	for g.alive > 0 && g.polls {
		if _, err := yield(nil); errors.Is(err, coro.ErrClosed) {
			return
		}
	}
	for g.alive > 0 && !g.noGrandchildren && !(g.earlyIdle && g.idle.Done() && g.idle.State() != future.Canceled) {
		if g.idle == nil || !g.spins {
			g.idle = future.New(g.owner.Loop())
		}
		_, err := task.Await(yield, g.idle)
		switch {
		case err == nil:
		case !errors.Is(err, future.ErrCanceled):
			return
		case g.deaf:
			g.keep(err)
		default:
			again := g.theirs != nil
			g.canceled(err)
			g.cancel()
			if g.hurries || g.stopsAtSecond && again {
				return
			}
		}
		if g.leaves && g.failed {
			return
		}
	}
}

// canceled takes a cancellation from outside.
func (g *wrongGroup) canceled(err error) {
	g.theirs = err
	if g.noReason {
		err = future.ErrCanceled
	}
	if !g.mute && !(g.failureWins && g.failed) {
		g.keep(err)
	}
}

func (g *wrongGroup) start(body coro.Body) {
	if g.startsCanceled && g.theirs != nil && !g.over {
		g.failed = false
	}
	if g.failed && !g.startsFailed && !(g.over && g.startsOver) || g.over && !g.startsOver {
		return
	}
	t := task.Spawn(g.owner.Loop(), body)
	g.tasks = append(g.tasks, t)
	g.alive++
	t.AddDoneCallback(func() { g.ended(t) })
}

func (g *wrongGroup) ended(t *task.Task) {
	g.alive--
	_, err := t.Result()
	failure := future.WithoutCancel(err)
	switch {
	case g.dropsJoined && errors.Is(err, future.ErrCanceled):
		err = nil
	case g.keepsJoined && failure != nil, g.canceledFails && !g.failed:
	default:
		err = failure
	}
	switch {
	case err == nil:
	case g.inOrder && g.idle == nil:
	default:
		g.fail(err)
	}
	if g.idle != nil && (g.alive == 0 || g.leaves && g.failed) {
		_ = g.idle.SetResult(nil)
	}
}

func (g *wrongGroup) keep(err error) {
	switch {
	case g.onlyText:
		g.errs = append(g.errs, errors.New(err.Error()))
	case g.firstOnly && len(g.errs) > 0:
	case g.lastOnly:
		g.errs = []error{err}
	default:
		g.errs = append(g.errs, err)
	}
}

func (g *wrongGroup) fail(err error) {
	g.keep(err)
	if g.noCancel || g.onlyWaits || g.failed && !g.again {
		return
	}
	g.cancel()
	if g.block && !g.deafBlock && !g.warned {
		g.warned = true
		g.owner.Cancel()
	}
}

func (g *wrongGroup) cancel() {
	g.failed = true
	for _, t := range g.tasks {
		t.Cancel()
	}
}
