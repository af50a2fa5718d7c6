package lesson

import (
	"slices"
	"time"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// WRONG ON PURPOSE, each in one way; loop.Loop is right.
var wrongLoops = []Wrong{
	{"calls at once what it should call soon", loopFaults{inline: true}.impl(), []string{"L01", "L02", "L14", "S07", "L04", "L20", "L21"}},
	{"calls the newest first", loopFaults{newestFirst: true}.impl(), []string{"L01"}},
	{"goes on in one round until nothing is left to call", loopFaults{greedy: true}.impl(), []string{"L02", "L20", "L21"}},
	{"sleeps with callbacks to run", loopFaults{sleeps: true}.impl(), []string{"L01", "L14", "S07", "L04", "L20", "L21"}},
	{"never sleeps", loopFaults{spins: true}.impl(), []string{"L14"}},
	{"replaces a reader", loopFaults{replaces: true}.impl(), []string{"R08"}},
	{"calls a reader once", loopFaults{once: true}.impl(), []string{"S01", "L02", "S14"}},
	{"forgets to unregister", loopFaults{keeps: true}.impl(), []string{"S07", "S15"}},
	{"calls what has just been removed", loopFaults{stale: true}.impl(), []string{"S14"}},
	{"lets a panic through", loopFaults{panics: true}.impl(), []string{"L04"}},
	{"drops the callbacks behind a panic", loopFaults{drops: true}.impl(), []string{"L04"}},
	{"forgets that it was stopped", loopFaults{forgetsStop: true}.impl(), []string{"L20"}},
	{"stays stopped", loopFaults{staysStopped: true}.impl(), []string{"L20"}},
	{"insists on work to do although it was stopped", loopFaults{needsWork: true}.impl(), []string{"L20"}},
	{"throws away what is left when it stops", loopFaults{throwsAway: true}.impl(), []string{"L20"}},
	{"runs a round inside a round", loopFaults{nests: true}.impl(), []string{"L21"}},
	{"waits for nothing", loopFaults{idles: true}.impl(), []string{"L23"}},
	{"leaves its selector open", loopFaults{noClose: true}.impl(), []string{"L22"}},
}

type loopFaults struct {
	inline, newestFirst, greedy, sleeps, spins, replaces, once, keeps, stale, panics, drops, forgetsStop, needsWork, staysStopped, throwsAway, nests, idles, noClose bool
}

func (f loopFaults) impl() Impl {
	return Impl{NewLoop: func(s selector.Selector) EventLoop {
		return &wrongLoop{loopFaults: f, selector: s, readers: map[int]*wrongReader{}}
	}}
}

type wrongLoop struct {
	loopFaults
	selector                 selector.Selector
	ready                    []func()
	readers                  map[int]*wrongReader
	running, stopped, closed bool
}

type wrongReader struct {
	fn      func()
	removed bool
}

func (l *wrongLoop) CallSoon(fn func()) {
	if l.inline {
		fn()
		return
	}
	l.ready = append(l.ready, fn)
	if l.newestFirst {
		slices.Reverse(l.ready)
	}
}

func (l *wrongLoop) AddReader(fd int, fn func()) error {
	r := &wrongReader{fn: fn}
	err := l.selector.Register(fd, selector.Read, r)
	if err != nil && l.replaces {
		err = l.selector.Modify(fd, selector.Read, r)
	}
	if err == nil {
		l.readers[fd] = r
	}
	return err
}

func (l *wrongLoop) RemoveReader(fd int) bool {
	r, there := l.readers[fd]
	if !there {
		return false
	}
	r.removed = !l.stale
	delete(l.readers, fd)
	if !l.keeps {
		_ = l.selector.Unregister(fd)
	}
	return true
}

func (l *wrongLoop) Round() error {
	if l.running && !l.nests {
		return loop.ErrRunning
	}
	l.running = true
	defer func() { l.running = false }()
	timeout := time.Duration(-1)
	switch {
	case l.closed:
		return loop.ErrClosed
	case len(l.ready) > 0 && !l.sleeps, l.stopped && !l.needsWork, l.spins && len(l.readers) > 0:
		timeout = 0
	case len(l.readers) == 0 && len(l.ready) == 0 && !l.idles:
		return loop.ErrDeadlock
	}
	ready, err := l.selector.Select(timeout)
	if err != nil {
		return err
	}
	for _, r := range ready {
		l.queue(r.FD, r.Data.(*wrongReader))
	}
	l.runReady()
	return nil
}

func (l *wrongLoop) queue(fd int, r *wrongReader) {
	l.ready = append(l.ready, func() {
		if l.once {
			l.RemoveReader(fd)
			r.removed = false
		}
		if !r.removed {
			r.fn()
		}
	})
}

func (l *wrongLoop) runReady() {
	for again := true; again; again = l.greedy && len(l.ready) > 0 {
		batch := l.ready
		l.ready = nil
		for _, fn := range batch {
			if !l.call(fn) && l.drops {
				break
			}
		}
	}
}

// call reports whether fn returned.
func (l *wrongLoop) call(fn func()) (returned bool) {
	if l.panics {
		fn()
		return true
	}
	defer func() { _ = recover() }()
	fn()
	return true
}

func (l *wrongLoop) Run() error {
	if l.forgetsStop {
		l.stopped = false
	}
	for {
		if err := l.Round(); err != nil {
			return err
		}
		if l.stopped {
			l.stopped = l.staysStopped
			if l.throwsAway {
				l.ready = nil
			}
			return nil
		}
	}
}

func (l *wrongLoop) Stop() { l.stopped = true }

func (l *wrongLoop) Close() error {
	if l.closed {
		return nil
	}
	l.closed = true
	if l.noClose {
		return nil
	}
	return l.selector.Close()
}
