package lesson

import (
	"errors"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way; task.Task and task.WithGroup are right. The groups
// are in cancel_wrong_group.go.
var wrongCancels = append([]Wrong{
	{"sets a flag, and wakes nobody", cancelFaults{flag: true}.impl(), []string{"T04", "T37", "T08", "T09", "T05", "T13", "T12", "U14"}},
	{"ends the task without its body", cancelFaults{endsDone: true}.impl(), []string{"T04", "T03", "T35", "T37", "T08", "T06", "T09", "T05", "T13", "T12", "U14"}},
	{"closes the coroutine", cancelFaults{closes: true}.impl(), []string{"T04", "T03", "T35", "T37", "T06", "T09", "T05", "T13", "U14"}},
	{"resumes the body inside Cancel", cancelFaults{inline: true}.impl(), []string{"T04", "T09"}},
	{"leaves its callback with what it no longer waits for", cancelFaults{abandons: true, keepsCallback: true}.impl(), []string{"T04"}},
	{"doesn't cancel what it waits for", cancelFaults{abandons: true}.impl(), []string{"T04"}},
	{"cancels what it waits for, and resumes the body a second time", cancelFaults{twice: true}.impl(), []string{"T37", "T09", "T05", "T13"}},
	{"cancels a pending Future, and forgets each Cancel that finds none", cancelFaults{onlyPending: true}.impl(), []string{"T03", "T35", "T37", "T08", "T06", "T09"}},
	{"loses the reason", cancelFaults{noCause: true}.impl(), []string{"T37"}},
	{"loses the reason of a Cancel that has to wait", cancelFaults{noPendingCause: true}.impl(), []string{"T37"}},
	{"keeps the reason of its first Cancel", cancelFaults{firstCause: true}.impl(), []string{"T37"}},
	{"takes the reason for the error", cancelFaults{onlyCause: true}.impl(), []string{"T37"}},
	{"makes up an error of its own", cancelFaults{ownError: true}.impl(), []string{"T03", "T35", "T37", "T08", "T06", "T09"}},
	{"forgets a Cancel before the first step", cancelFaults{noEarly: true}.impl(), []string{"T03", "T37", "T09"}},
	{"leaves the coroutine of a task that never begins", cancelFaults{leavesCoro: true}.impl(), []string{"T03", "T09"}},
	{"loses the reason when the body cancels itself", cancelFaults{noSelfCause: true}.impl(), []string{"T37", "T08"}},
	{"ends a task that has not begun inside Cancel", cancelFaults{endsEarly: true}.impl(), []string{"T03", "T09"}},
	{"lets the body begin although it was canceled", cancelFaults{begins: true}.impl(), []string{"T03", "T09"}},
	{"forgets a Cancel while it waits for no Future", cancelFaults{onlyFutures: true}.impl(), []string{"T03", "T35", "T37", "T09"}},
	{"forgets a Cancel while the body runs", cancelFaults{noSelf: true}.impl(), []string{"T37", "T08"}},
	{"wakes a body that has canceled itself, and leaves the Future pending", cancelFaults{selfAbandons: true}.impl(), []string{"T08"}},
	{"forgets that the body has canceled itself if its next Future is done", cancelFaults{selfDone: true}.impl(), []string{"T08"}},
	{"panics when the body cancels itself", cancelFaults{throwsIfIdle: true}.impl(), []string{"T35", "T37", "T08", "T09"}},
	{"forgets a Cancel when the Future is done already", cancelFaults{resultWins: true}.impl(), []string{"T37", "T06"}},
	{"brings the Future's error, and forgets the Cancel", cancelFaults{errorWins: true}.impl(), []string{"T06"}},
	{"says that it isn't alive while a Cancel is kept", cancelFaults{oneAtATime: true}.impl(), []string{"T09"}},
	{"cancels each wait from then on", cancelFaults{forever: true}.impl(), []string{"T35", "T06", "T09"}},
	{"delivers each of two Cancels", cancelFaults{counts: true}.impl(), []string{"T09"}},
	{"can be canceled only once", cancelFaults{once: true}.impl(), []string{"T37", "T05"}},
	{"says that it wasn't alive", cancelFaults{lies: true}.impl(), []string{"T04", "T03", "T35", "T37", "T08", "T06", "T09", "T05", "T13", "T12", "U14"}},
	{"says that it was alive after its end", cancelFaults{liesLate: true}.impl(), []string{"T07"}},
	{"ends as canceled although the body went on", cancelFaults{alwaysCanceled: true}.impl(), []string{"T08", "T06", "T05"}},
	{"hides the error of a clean-up", cancelFaults{hidesError: true}.impl(), []string{"T12"}},
	{"keeps what it waits for where all tasks share it", cancelFaults{shared: true}.impl(), []string{"U14"}},
	{"drops the error of what it waits for", cancelFaults{noThrow: true}.impl(), []string{"T01", "T04", "T03", "T35", "T37", "T08", "T06", "T09", "T05", "T13", "U14"}},
}, wrongGroups...)

type cancelFaults struct {
	flag, endsDone, closes, inline, abandons, keepsCallback, twice, noCause, noPendingCause, onlyCause          bool
	noEarly, begins, onlyFutures, noSelf, selfAbandons, throwsIfIdle, resultWins, forever, counts, once         bool
	onlyPending, leavesCoro, noSelfCause, ownError, lies, liesLate, alwaysCanceled, hidesError, shared, noThrow bool
	endsEarly, selfDone, errorWins, oneAtATime, firstCause                                                      bool
}

func (f cancelFaults) impl() Impl {
	return Impl{NewTask: func(c *coro.Coro, done *future.Future) Cancelable {
		t := &wrongTask{cancelFaults: f, c: c, done: done}
		t.waits = &t.own
		if f.shared {
			if sharedWait != nil && sharedWait.Scheduler() != done.Scheduler() {
				sharedWait = nil // it is an earlier case's
			}
			t.waits = &sharedWait
		}
		return t
	}}
}

// sharedWait is what a task waits for, if all share that.
var sharedWait *future.Future

type wrongTask struct {
	cancelFaults
	c        *coro.Coro
	done     *future.Future
	own      *future.Future
	waits    **future.Future // where what it waits for is kept
	remove   func() bool     // takes the callback back from that
	pending  []error         // cancellations for the next steps
	canceled bool            // it has been, at least once
	cause    error           // of its first Cancel
	began    bool
	running  bool
}

func (t *wrongTask) Cancel(cause error) bool {
	if t.done.Done() {
		return t.liesLate
	}
	if t.once && t.canceled {
		return true
	}
	if t.oneAtATime && len(t.pending) > 0 {
		return false
	}
	t.canceled = true
	if t.onlyPending {
		return (*t.waits).CancelCause(cause)
	}
	if t.firstCause && t.cause == nil {
		t.cause = cause
	}
	if t.firstCause {
		cause = t.cause
	}
	if t.noCause {
		cause = nil
	}
	t.deliver(cause)
	return !t.lies
}

// deliver brings a cancellation to the body.
func (t *wrongTask) deliver(cause error) {
	err := future.CanceledBy(cause)
	if t.onlyCause && cause != nil {
		err = cause
	}
	waiting := *t.waits
	switch {
	case t.endsEarly && !t.began:
		t.c.Close()
		t.done.CancelCause(cause)
	case t.endsDone, t.leavesCoro && !t.began:
		t.done.CancelCause(cause)
	case t.closes && !t.running:
		t.c.Close()
		t.finish()
	case t.inline && waiting != nil && !waiting.Done():
		t.leave(waiting)
		t.Step(nil, err)
	case t.throwsIfIdle && waiting == nil && t.began:
		t.Step(nil, err)
	case t.flag:
		t.pend(err)
	case t.abandons && waiting != nil && !waiting.Done():
		t.leave(waiting)
		t.soon(err)
	case waiting != nil && t.cancelWait(waiting, cause):
	case t.resultWins && waiting != nil && waiting.Done(), t.noEarly && !t.began, t.onlyFutures && waiting == nil && !t.running, t.noSelf && t.running:
	default:
		if t.noPendingCause {
			err = future.ErrCanceled
		}
		if t.ownError {
			err = errors.New("the task was canceled")
		}
		t.pend(err)
	}
}

// cancelWait cancels what the body waits for.
func (t *wrongTask) cancelWait(waiting *future.Future, cause error) bool {
	if waiting.Done() {
		return false
	}
	switch {
	case t.twice:
		t.soon(future.CanceledBy(cause))
		fallthrough
	case !t.onlyCause || cause == nil:
		return waiting.CancelCause(cause)
	}
	_ = waiting.SetError(cause)
	return true
}

// leave takes back the callback from what the body waits for, and leaves that pending.
func (t *wrongTask) leave(waiting *future.Future) {
	*t.waits = nil
	switch {
	case t.keepsCallback:
	case t.abandons:
		t.remove()
	default:
		t.remove()
		waiting.Cancel()
	}
}

func (t *wrongTask) pend(err error) {
	if !t.counts {
		t.pending = nil
	}
	t.pending = append(t.pending, err)
}

func (t *wrongTask) soon(err error) {
	t.done.Scheduler().CallSoon(func() { t.Step(nil, err) })
}

func (t *wrongTask) Step(value any, err error) {
	if t.done.Done() {
		return
	}
	if len(t.pending) > 0 && (t.began || !t.begins) && !(t.counts && errors.Is(err, future.ErrCanceled)) {
		if !t.errorWins || err == nil {
			err = t.pending[0]
		}
		if !t.forever {
			t.pending = t.pending[1:]
		}
	}
	t.began, t.running = true, true
	out, more := t.resume(value, err)
	t.running = false
	f, isFuture := out.(*future.Future)
	switch {
	case !more:
		t.finish()
	case isFuture:
		t.wait(f)
	case out == nil:
		t.soon(nil)
	default:
		t.soon(task.ErrNotAwaitable)
	}
}

func (t *wrongTask) wait(f *future.Future) {
	*t.waits = f
	t.remove = f.AddDoneCallback(func() {
		*t.waits = nil
		value, err := f.Result()
		t.Step(value, err)
	})
	switch {
	case len(t.pending) == 0, t.flag:
	case t.selfAbandons:
		*t.waits = nil
		t.remove()
		t.soon(nil)
	case t.noSelfCause:
		f.Cancel()
		t.pending = nil
	case (f.CancelCause(t.pending[0]) || t.selfDone) && !t.forever:
		t.pending = t.pending[1:]
	}
}

func (t *wrongTask) resume(value any, err error) (any, bool) {
	if err != nil && !t.noThrow {
		return t.c.Throw(err)
	}
	if !t.began {
		value = nil
	}
	return t.c.Send(value)
}

func (t *wrongTask) finish() {
	value, err := t.c.Result()
	switch {
	case t.canceled && t.alwaysCanceled && err == nil,
		t.canceled && t.hidesError && err != nil && !errors.Is(err, future.ErrCanceled):
		t.done.Cancel()
	case err != nil:
		_ = t.done.SetError(err)
	default:
		_ = t.done.SetResult(value)
	}
}
