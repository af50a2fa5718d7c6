//go:build stepwise_kernel

package main

import (
	"reflect"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"github.com/cosmos72/gomacro/atomic"
	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/gls"
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
// Code that waits in a call looks at no flag. After interruptTries the worker is
// left behind with it and another takes over. Should the call ever return, the
// flag is still set, and the old cell ends there.
const (
	interruptPeriod = 100 * time.Millisecond
	interruptTries  = 10
	coroutinesTry   = 2 // the one try at which coroutines are interrupted too
)

// interrupt asks serve's goroutine to stop the cell that runs now; if none does,
// it is forgotten. Anybody may call it, at any time.
func (k *Kernel) interrupt() {
	select {
	case k.interrupts <- struct{}{}:
	default:
	}
}

// A worker is the goroutine in which cells run.
type worker struct {
	kernel *Kernel
	jobs   chan func()
	mine   *fast.Run // of the worker's goroutine; set by prepare and adopt
}

func newWorker(k *Kernel) *worker {
	w := &worker{kernel: k, jobs: make(chan func())}
	go w.work()
	return w
}

// work runs one job after the other. A job that ends its goroutine, by
// runtime.Goexit, takes this one along; another goes on in its place.
func (w *worker) work() {
	ended := false
	defer func() {
		if !ended {
			go func() {
				w.adopt()
				w.work()
			}()
		}
	}()
	for job := range w.jobs {
		job()
	}
	ended = true
}

// prepare makes the interpreter, in the worker's goroutine.
func (w *worker) prepare() error {
	result := make(chan error)
	w.jobs <- func() {
		err := w.kernel.prepareInterpreter()
		if err == nil {
			w.mine = w.kernel.ir.PrepareEnv().Run
		}
		result <- err
	}
	return <-result
}

// run starts a cell. The channel has room for its outcome, so that a worker which
// was left behind need not wait for a reader that is gone.
func (w *worker) run(code string, number int) <-chan outcome {
	done := make(chan outcome, 1)
	ir := w.kernel.ir
	w.jobs <- func() {
		result := outcome{err: goexit()}
		defer func() { done <- result }()
		result = w.kernel.evaluate(ir, code, number)
	}
	return done
}

// stopCell flags the cell, and at coroutinesTry its coroutines.
func (w *worker) stopCell(try int) {
	switch try {
	case coroutinesTry:
		allRuns(w.mine, func(goroutine uintptr, run *fast.Run) {
			if _, background := backgrounds.Load(goroutine); !background {
				run.Signals.Async = base.SigInterrupt
			}
		})
	case coroutinesTry + 1:
		w.calm()
	}
	w.mine.Signals.Async = base.SigInterrupt
}

// calm takes back all flags but those of workers left behind.
func (w *worker) calm() {
	allRuns(w.mine, func(_ uintptr, run *fast.Run) {
		if _, left := leftBehind.Load(run); !left {
			run.Signals.Async = base.SigNone
		}
	})
}

// abandon leaves w behind with the cell that it can't stop, and returns a new
// worker. That one gets an inner scope: the old cell must not go on in the midst
// of a new one's statements. Everything defined so far is seen from there.
func (w *worker) abandon() *worker {
	leftBehind.Store(w.mine, true)
	w.calm()
	close(w.jobs)
	k := w.kernel
	k.ir = fast.NewInnerInterp(k.ir, "main", "main")
	next := newWorker(k)
	adopted := make(chan struct{})
	next.jobs <- func() {
		next.adopt()
		close(adopted)
	}
	<-adopted
	return next
}

// adopt makes the interpreter take the calling goroutine for its own.
func (w *worker) adopt() {
	w.kernel.enter() // makes a Run for this goroutine
	me := gls.GoID()
	allRuns(w.kernel.ir.PrepareEnv().Run, func(goroutine uintptr, run *fast.Run) {
		if goroutine == me {
			w.mine = run
		}
	})
	w.kernel.ir.PrepareEnv().Run = w.mine
}

var (
	backgrounds sync.Map // goroutines that cells started with go, as gls names them
	leftBehind  sync.Map // *fast.Run of workers that were abandoned
)

// runsLayout is how gomacro's IrGlobals begins. It exports no way to find all
// Runs; go.mod pins its version, and init checks the layout.
type runsLayout struct {
	gls  map[uintptr]*fast.Run
	lock atomic.SpinLock
}

func init() {
	have, want := reflect.TypeFor[fast.IrGlobals](), reflect.TypeFor[runsLayout]()
	for i := range want.NumField() {
		h, w := have.Field(i), want.Field(i)
		if h.Name != w.Name || h.Type != w.Type || h.Offset != w.Offset {
			panic("kernel: gomacro's IrGlobals is laid out differently: mend runsLayout in worker.go")
		}
	}
}

// allRuns calls each for every goroutine that ever ran interpreted code.
func allRuns(any *fast.Run, each func(goroutine uintptr, run *fast.Run)) {
	all := (*runsLayout)(unsafe.Pointer(any.IrGlobals))
	all.lock.Lock()
	defer all.lock.Unlock()
	for goroutine, run := range all.gls {
		each(goroutine, run)
	}
	runtime.KeepAlive(any)
}
