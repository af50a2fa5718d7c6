package lesson

// WRONG ON PURPOSE: a small loop, with the faults listed in callbacks_wrong.go.

import (
	"errors"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

type wrongLoop struct {
	loopFaults
	selector                 selector.Selector
	ready                    []func()
	readers                  map[int]*wrongReader
	gone                     map[int]bool
	running, stopped, closed bool
	hurt                     bool // a callback has panicked
	added                    int  // readers, ever
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
	if l.tableFirst {
		l.readers[fd] = r
	}
	if l.closed && l.addsClosed {
		return nil
	}
	interest := selector.Read
	if l.both {
		interest |= selector.Write
	}
	err := l.selector.Register(fd, interest, r)
	if err != nil && l.replaces {
		err = l.selector.Modify(fd, selector.Read, r)
	}
	if err == nil {
		l.readers[fd] = r
		l.added++
	}
	if l.noError {
		return nil
	}
	return err
}

func (l *wrongLoop) RemoveReader(fd int) bool {
	r, there := l.readers[fd]
	if !there {
		return l.alwaysTrue
	}
	if l.insists && l.selector.Unregister(fd) != nil {
		return false
	}
	r.removed = !l.stale && !l.byNumber
	if l.forEver {
		l.gone[fd] = true
	}
	if l.flagOnly {
		return true
	}
	delete(l.readers, fd)
	if !l.keeps {
		_ = l.selector.Unregister(fd)
	}
	return true
}

func (l *wrongLoop) Round() error {
	switch {
	case l.running && l.quiet:
		return nil
	case l.running && !l.nests:
		return loop.ErrRunning
	}
	l.running = true
	failed := false
	defer func() { l.running = l.hurt && l.staysRunning || failed && l.staysFailed }()
	timeout := time.Duration(-1)
	switch {
	case l.closed && l.closedIsIdle:
		return loop.ErrDeadlock
	case l.closed && !l.goesOn:
		return loop.ErrClosed
	case l.stopped && l.stopSleeps && len(l.ready) == 0:
	case len(l.ready) > 0 && !l.sleeps, l.stopped && !l.needsWork, l.spins && len(l.readers) > 0, l.restless && len(l.readers) > 1:
		timeout = 0
	case len(l.readers) == 0 && len(l.ready) == 0 && !l.idles && !(l.counts && l.added > 0):
		if l.silent {
			return nil
		}
		return loop.ErrDeadlock
	case l.naps:
		timeout = time.Second
	}
	if err := l.look(timeout); err != nil && !l.deaf {
		failed = true
		if l.dropsQueue {
			l.ready = nil
		}
		return err
	}
	l.runReady()
	if l.hurt && l.panicEnds {
		l.hurt = false
		return errors.New("a callback has panicked")
	}
	if l.stopped && l.saysStopped {
		return errors.New("stopped")
	}
	return nil
}

// look selects once, and queues the readers of what is ready.
func (l *wrongLoop) look(timeout time.Duration) error {
	if l.looksLast && len(l.ready) > 0 || l.goesOn && l.closed {
		return nil
	}
	ready, err := l.selector.Select(timeout)
	if err != nil {
		return err
	}
	if l.oneAtATime {
		ready = ready[:min(1, len(ready))]
	}
	before := l.ready
	if l.readersFirst {
		l.ready = nil
	}
	for _, r := range ready {
		l.queue(r.FD, r.Data.(*wrongReader))
	}
	if l.readersFirst {
		l.ready = append(l.ready, before...)
	}
	return nil
}

func (l *wrongLoop) queue(fd int, r *wrongReader) {
	if l.oneShot {
		l.RemoveReader(fd)
		r.removed = false
	}
	l.ready = append(l.ready, func() {
		if l.once {
			l.RemoveReader(fd)
			r.removed = false
		}
		if now := l.readers[fd]; l.looksUp && now != nil {
			now.fn()
			return
		}
		switch {
		case l.byNumber && l.readers[fd] == nil, l.gone[fd], r.removed:
		default:
			r.removed = r.removed || l.dropsReader
			r.fn()
			if l.dropsReader {
				r.removed = l.readers[fd] != r
			}
		}
	})
}

func (l *wrongLoop) runReady() {
	for again := true; again; again = l.greedy && len(l.ready) > 0 {
		batch := l.ready
		l.ready = nil
		switch {
		case l.reuses:
			l.ready = batch[:0]
		case l.single && len(batch) > 1:
			batch, l.ready = batch[:1], batch[1:]
		}
		for _, fn := range batch {
			if !l.call(fn) && l.drops || l.stopped && l.breaksOff {
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
	if l.goes {
		done := make(chan struct{})
		inner := fn
		fn = func() { <-done }
		go func() {
			defer close(done)
			defer func() { _ = recover() }()
			inner()
		}()
	}
	defer func() {
		if recover() != nil {
			l.hurt = true
		}
	}()
	fn()
	return true
}

func (l *wrongLoop) Run() error {
	if l.forgetsStop || l.refusalStarts && l.running {
		l.stopped = false
	}
	for {
		if err := l.Round(); err != nil {
			if l.runDrops {
				l.ready = nil
			}
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
	if l.closed && !l.closesTwice || l.closesOutside && l.running {
		return nil
	}
	if l.closesFirst && l.running {
		l.closed = true
		return loop.ErrRunning
	}
	l.closed = true
	for fd := range l.readers {
		if l.closesReaders {
			_ = unix.Close(fd)
		}
	}
	if l.noClose {
		return nil
	}
	return l.selector.Close()
}
