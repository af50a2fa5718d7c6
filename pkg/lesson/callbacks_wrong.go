package lesson

import (
	"errors"
	"slices"
	"time"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
)

// WRONG ON PURPOSE, each in one way; loop.Loop is right.
var wrongLoops = []Wrong{
	{"calls at once what it should call soon", loopFaults{inline: true}.impl(), []string{"L01", "L02", "L03", "R08", "S07", "L04", "L20", "L21", "L26", "L22"}},
	{"calls the newest first", loopFaults{newestFirst: true}.impl(), []string{"L01", "L03", "L21", "L26"}},
	{"goes on in one round until nothing is left to call", loopFaults{greedy: true}.impl(), []string{"L01", "L02", "L03", "L20"}},
	{"sleeps with callbacks to run", loopFaults{sleeps: true}.impl(), []string{"L14", "L01", "L03", "R08", "S07", "L04", "L20", "L21", "L26"}},
	{"never sleeps", loopFaults{spins: true}.impl(), []string{"L14"}},
	{"replaces a reader", loopFaults{replaces: true}.impl(), []string{"R08"}},
	{"calls a reader once", loopFaults{once: true}.impl(), []string{"S01", "L02", "S14", "S12", "L04"}},
	{"forgets to unregister", loopFaults{keeps: true}.impl(), []string{"L01", "S07", "S15", "S12", "L04"}},
	{"calls what has just been removed", loopFaults{stale: true}.impl(), []string{"S14", "S12"}},
	{"watches for writing, too", loopFaults{both: true}.impl(), []string{"R08"}},
	{"keeps a reader whose descriptor the selector has lost", loopFaults{insists: true}.impl(), []string{"S07"}},
	{"forgets a reader that has panicked", loopFaults{dropsReader: true}.impl(), []string{"L04"}},
	{"doesn't sleep with two readers", loopFaults{restless: true}.impl(), []string{"L14"}},
	{"lets a panic through", loopFaults{panics: true}.impl(), []string{"L04"}},
	{"drops the callbacks behind a panic", loopFaults{drops: true}.impl(), []string{"L04"}},
	{"forgets that it was stopped", loopFaults{forgetsStop: true}.impl(), []string{"L20"}},
	{"stays stopped", loopFaults{staysStopped: true}.impl(), []string{"L20"}},
	{"insists on work to do although it was stopped", loopFaults{needsWork: true}.impl(), []string{"L20"}},
	{"throws away what is left when it stops", loopFaults{throwsAway: true}.impl(), []string{"L20"}},
	{"runs a round inside a round", loopFaults{nests: true}.impl(), []string{"L21"}},
	{"waits for nothing", loopFaults{idles: true}.impl(), []string{"L23", "S05"}},
	{"counts readers that are gone", loopFaults{counts: true}.impl(), []string{"L23"}},
	{"says that it is closed when a callback closes it, and leaves its selector open", loopFaults{closesOutside: true}.impl(), []string{"L22"}},
	{"leaves its selector open", loopFaults{noClose: true}.impl(), []string{"L22"}},
	{"closes its selector twice", loopFaults{closesTwice: true}.impl(), []string{"L22"}},
	{"goes round although it is closed", loopFaults{goesOn: true}.impl(), []string{"L22"}},
	{"sleeps for a second at a time", loopFaults{naps: true}.impl(), []string{"L14"}},
	{"looks for a reader of the same number instead of this one", loopFaults{byNumber: true}.impl(), []string{"S12"}},
	{"remembers which number was removed, not which reader", loopFaults{forEver: true}.impl(), []string{"L01", "S15", "S12", "L04"}},
	{"ends the round where Stop is called", loopFaults{breaksOff: true}.impl(), []string{"L20"}},
	{"returns an error when it is stopped", loopFaults{saysStopped: true}.impl(), []string{"L20", "L21"}},
	{"does nothing in a round inside a round, and says nothing", loopFaults{quiet: true}.impl(), []string{"L21"}},
	{"says nothing when there is nothing to wait for", loopFaults{silent: true}.impl(), []string{"L23", "S05"}},
	{"runs the readers before what was called soon", loopFaults{readersFirst: true}.impl(), []string{"L01"}},
	{"serves one descriptor a round", loopFaults{oneAtATime: true}.impl(), []string{"L01"}},
	{"selects only when it has nothing else to do", loopFaults{looksLast: true}.impl(), []string{"L01", "L02", "L04", "L25", "L26"}},
	{"overlooks the error of select", loopFaults{deaf: true}.impl(), []string{"L25", "L26"}},
	{"notes a reader before the selector has accepted it", loopFaults{tableFirst: true}.impl(), []string{"S05"}},
	{"overlooks the error of a registration", loopFaults{noError: true}.impl(), []string{"R08", "S05", "L22"}},
	{"says that it has removed what wasn't there", loopFaults{alwaysTrue: true}.impl(), []string{"S07", "S05"}},
	{"writes over the batch that it is running", loopFaults{reuses: true}.impl(), []string{"L03"}},
	{"takes a round whose select failed for one that still runs", loopFaults{staysFailed: true}.impl(), []string{"L25", "L26"}},
	{"drops its queue when select fails", loopFaults{dropsQueue: true}.impl(), []string{"L26"}},
	{"throws away what is left when Run ends with an error", loopFaults{runDrops: true}.impl(), []string{"L21", "L26"}},
	{"takes a new reader although it is closed", loopFaults{addsClosed: true}.impl(), []string{"L22"}},
	{"says that a closed loop has nothing left to wait for", loopFaults{closedIsIdle: true}.impl(), []string{"L22"}},
	{"finds the reader by its number when it runs, and so calls the new one", loopFaults{looksUp: true}.impl(), []string{"S12"}},
	{"runs one callback a round", loopFaults{single: true}.impl(), []string{"L01", "L02", "L03", "S12", "L04", "L20", "L21", "L26"}},
	{"removes a reader before its first call", loopFaults{oneShot: true}.impl(), []string{"S01", "L02", "S14", "S12", "L04"}},
	{"only marks a reader as removed", loopFaults{flagOnly: true}.impl(), []string{"L01", "S07", "S15", "S12", "L04", "L23"}},
	{"sleeps although it was stopped", loopFaults{stopSleeps: true}.impl(), []string{"L20"}},
	{"takes a round that panicked for one that still runs", loopFaults{staysRunning: true}.impl(), []string{"L04"}},
}

type loopFaults struct {
	inline, newestFirst, greedy, sleeps, spins, naps, replaces, once, keeps, stale, byNumber, forEver, panics, drops    bool
	forgetsStop, needsWork, staysStopped, throwsAway, breaksOff, saysStopped, nests, quiet, idles, silent, noClose      bool
	counts, closesOutside, both, insists, dropsReader, restless                                                         bool
	closesTwice, goesOn, readersFirst, oneAtATime, looksLast, deaf, tableFirst, noError, alwaysTrue, staysRunning       bool
	reuses, staysFailed, dropsQueue, addsClosed, closedIsIdle, looksUp, single, oneShot, flagOnly, stopSleeps, runDrops bool
}

func (f loopFaults) impl() Impl {
	return Impl{NewLoop: func(s selector.Selector) EventLoop {
		return &wrongLoop{loopFaults: f, selector: s, readers: map[int]*wrongReader{}, gone: map[int]bool{}}
	}}
}

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
	defer func() {
		if recover() != nil {
			l.hurt = true
		}
	}()
	fn()
	return true
}

func (l *wrongLoop) Run() error {
	if l.forgetsStop {
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
	l.closed = true
	if l.noClose {
		return nil
	}
	return l.selector.Close()
}
