package cell

import (
	"fmt"
	"os"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/gls"

	"stepwise/pkg/loop"
)

// Interrupting interpreted code is a matter of goroutines. gomacro keeps a Run
// for each goroutine that runs interpreted code, with a flag in it that the code
// looks at every few statements: set, it panics with base.SigInterrupt. So the
// kernel must know which Run a cell has. All cells run in one goroutine, the
// worker's, and the interpreter is told that this is its own.
//
// A cell may wait for a coroutine of ours, whose body is interpreted and endless.
// It has a goroutine and a Run of its own; so if the cell's flag does not help, all
// Runs are flagged but those of goroutines that a cell started with go: a server
// in the background outlives an interrupt. That lasts for one period only, since
// gomacro names a goroutine by its place in memory, and a flag left behind by a
// dead one would stop an innocent that came to live there.
//
// Code that waits in a call looks at no flag. Sleeps, channels and connections end by
// themselves when the button is pressed (stop.go, net.go). If the call is a loop of ours, the loop is
// interrupted: its Run returns an error, and the cell goes on with that. The flags are
// down in the meantime, for patience at most: less if the cell runs a loop again, or if
// the reader interrupts again. From any other call there is no way back: after
// interruptTries the worker is left behind with it, and another takes over. If the call
// ever returns, the flag is still set, and the old cell ends there.
const (
	interruptPeriod = 100 * time.Millisecond
	interruptTries  = 10
	patience        = 20 // periods
	loopsTry        = 1  // the one try at which loops are interrupted
	coroutinesTry   = 4  // the one try at which coroutines are interrupted too
)

// A worker is the goroutine in which cells run.
type worker struct {
	session *Session
	jobs    chan func()
	mine    *fast.Run // of the worker's goroutine; set by prepare and adopt
	me      uintptr   // that goroutine
}

func newWorker(s *Session) *worker {
	w := &worker{session: s, jobs: make(chan func())}
	go w.work()
	return w
}

// work runs one job after the other.
func (w *worker) work() {
	defer func() { stops.left.remove(gls.GoID()) }()
	for job := range w.jobs {
		job()
	}
}

// prepare makes the interpreter, in the worker's goroutine.
func (w *worker) prepare() error {
	result := make(chan error)
	w.jobs <- func() {
		err := w.session.prepareInterpreter()
		if err == nil {
			w.mine, w.me = environment(w.session.ir).Run, gls.GoID()
		}
		result <- err
	}
	return <-result
}

// run starts a cell. The channel has room for its Result, so that a worker which
// was left behind need not wait for a reader that is gone. A cell that ends its goroutine,
// by runtime.Goexit, takes the worker's along; another goes on in its place.
func (w *worker) run(code string, number int) <-chan Result {
	done := make(chan Result, 1)
	ir := w.session.ir
	w.jobs <- func() {
		var result *Result
		defer func() {
			if result != nil {
				done <- *result
				return
			}
			go func() {
				w.adopt()
				done <- Result{Failure: ended()}
				w.work()
			}()
		}()
		evaluated := w.session.evaluate(ir, code, number)
		result = &evaluated
	}
	return done
}

// stopCell makes a try to stop the cell; the first is number 0.
func (w *worker) stopCell(try int) {
	switch try {
	case loopsTry:
		w.calm()
		if loop.InterruptAll(tellInterrupt) > 0 {
			return
		}
	case loopsTry + 1, loopsTry + 2:
		if flagOf(w.mine) == base.SigNone {
			return // the cell goes on with the loop's error
		}
	case coroutinesTry:
		w.flagCoroutines()
		for range 20 { // a cell may run its loop again and again; code looks at its flag at every 15th statement
			loop.InterruptAll(nil)
			time.Sleep(time.Millisecond)
		}
	case coroutinesTry + 1:
		w.calm()
	}
	flag(w.mine, base.SigInterrupt)
	stops.press()
}

// goesOn reports whether a cell is left alone after a try: it has got a loop's error, and
// is still dealing with it.
func (w *worker) goesOn(try, waited int) bool {
	return try == loopsTry && flagOf(w.mine) == base.SigNone && waited < patience && loop.InterruptAll(nil) == 0
}

// tellInterrupt shows where the loop stood, also where the cell drops the error.
func tellInterrupt(e *loop.InterruptedError) { fmt.Fprintln(os.Stderr, e) }

// flag sets the flag of a Run, and flagOf reads it. The code that runs reads it, and takes
// it down, without any synchronization: that is how gomacro means it, and the race detector
// need not say so.
//
//go:norace
func flag(run *fast.Run, signal base.Signal) { run.Signals.Async = signal }

//go:norace
func flagOf(run *fast.Run) base.Signal { return run.Signals.Async }

// flagCoroutines flags all Runs except those of goroutines that cells started with go.
func (w *worker) flagCoroutines() {
	allRuns(w.mine, func(goroutine uintptr, run *fast.Run) {
		if !stops.others.has(goroutine) {
			flag(run, base.SigInterrupt)
		}
	})
}

// calm takes back all flags except those of workers left behind.
func (w *worker) calm() {
	stops.release()
	allRuns(w.mine, func(_ uintptr, run *fast.Run) {
		if _, left := w.session.leftBehind.Load(run); !left {
			flag(run, base.SigNone)
		}
	})
}

// abandon leaves w behind with the cell that it can't stop, and returns a new worker,
// which gets an inner scope: the old cell must not go on in the middle of a new one's
// statements. Everything defined so far is visible there.
func (w *worker) abandon() *worker {
	w.session.leftBehind.Store(w.mine, true)
	stops.left.add(w.me)
	w.calm()
	close(w.jobs)
	s := w.session
	s.ir = fast.NewInnerInterp(s.ir, "main", "main")
	next := newWorker(s)
	adopted := make(chan struct{})
	next.jobs <- func() {
		next.adopt()
		steady(s.ir)
		close(adopted)
	}
	<-adopted
	return next
}

// adopt makes the interpreter take the calling goroutine for its own.
func (w *worker) adopt() {
	w.session.enter() // makes a Run for this goroutine
	w.me = gls.GoID()
	env := environment(w.session.ir)
	allRuns(env.Run, func(goroutine uintptr, run *fast.Run) {
		if goroutine == w.me {
			w.mine = run
		}
	})
	env.Run = w.mine
}
