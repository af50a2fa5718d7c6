package lesson

// The time limits of lesson 14's wrong implementations. Read time_wrong.go first.

import (
	"os"
	"time"

	"stepwise/pkg/future"
)

func (l *wrongTimed) WaitFor(f *future.Future, d time.Duration) *future.Future {
	out := future.New(l)
	if d <= 0 && l.zeroIsOver {
		_ = out.SetError(os.ErrDeadlineExceeded)
		return out
	}
	switch {
	case d <= 0 && l.zeroAtOnce && !f.Done():
		_ = out.SetError(os.ErrDeadlineExceeded)
		return out
	case d <= 0 && l.zeroSoon:
		l.CallSoon(func() { l.look(f, out) })
		return out
	case l.asksAgain:
		over := l.now() + max(0, d)
		first := l.CallLater(0, func() { l.lookUntil(over, f, out) })
		out.AddDoneCallback(func() { first() })
		return out
	}
	remove := f.AddDoneCallback(func() { l.handOn(f, out) })
	if d <= 0 && l.zeroIsForever {
		return out
	}
	over := func() {
		if !f.Done() || l.blind || l.nilIsPending {
			l.timeOut(f, out)
		}
	}
	timer := func() { l.CallSoon(over) }
	if l.hasty || l.blind {
		timer = over
	}
	cancel := func() bool { return true }
	switch {
	case l.lateStart:
		l.CallSoon(func() { cancel = l.CallLater(d, timer) })
	case l.oneLimit:
		l.limit = l.CallLater(d, timer)
		cancel = func() bool { return l.limit() }
	default:
		cancel = l.CallLater(d, timer)
	}
	clean := func() {
		if !l.keepsTimer {
			cancel()
		}
		if !l.keepsCallback {
			remove()
		}
	}
	if l.keepsWhenCanceled {
		f.AddDoneCallback(func() { cancel() })
		return out
	}
	out.AddDoneCallback(clean)
	if l.returnsSame {
		return f
	}
	return out
}

// look ends out, by f's result if there is one.
func (l *wrongTimed) look(f, out *future.Future) {
	if f.Done() {
		l.handOn(f, out)
		return
	}
	l.timeOut(f, out)
}

// lookUntil asks f every millisecond, until the time is over.
func (l *wrongTimed) lookUntil(over time.Duration, f, out *future.Future) {
	switch {
	case out.Done():
	case f.Done():
		l.handOn(f, out)
	case l.now() >= over:
		l.CallSoon(func() { l.look(f, out) })
	default:
		cancel := l.CallLater(ms, func() { l.lookUntil(over, f, out) })
		out.AddDoneCallback(func() { cancel() })
	}
}

// handOn ends out as f has ended.
func (l *wrongTimed) handOn(f, out *future.Future) {
	v, err := f.Result()
	switch {
	case l.noReason && f.State() == future.Canceled:
		out.Cancel()
	case l.deafToCancel && f.State() == future.Canceled, l.nilIsPending && v == nil && err == nil:
	case err != nil && l.errorIsValue:
		_ = out.SetResult(err)
	case err != nil && !l.dropsError:
		_ = out.SetError(err)
	default:
		_ = out.SetResult(v)
	}
}

// timeOut ends out for want of time.
func (l *wrongTimed) timeOut(f, out *future.Future) {
	switch {
	case l.cancelsFuture:
		f.Cancel()
	case l.endsFuture, l.returnsSame:
		_ = f.SetError(os.ErrDeadlineExceeded)
	case l.cancelsOut:
		out.Cancel()
		return
	case l.noError:
		_ = out.SetResult(nil)
		return
	}
	if err := out.SetError(os.ErrDeadlineExceeded); err != nil && l.panicsLate {
		panic(err)
	}
}
