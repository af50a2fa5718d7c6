// Package cell runs notebook cells: the interpreter, and all that a reader sees of it,
// without Jupyter. The kernel is built on it, and so is the player, which runs a notebook
// in a terminal. Package source reads cells.
//
//	import _ "stepwise/cmd/kernel/tables" // the packages that cells can import
//
//	s, err := cell.New()
//	result := s.Run(`fmt.Println("hello")`, 1)
//	if result.Failure != nil { … }   // what went wrong, in words for a learner
//	show(result.Value)               // forms by MIME type; empty if there is nothing to show
//
// Cells print to os.Stdout and os.Stderr, whatever these are at the time. Interrupt, from
// any goroutine, ends the cell that runs; what it has defined is kept. Display and
// display.Show draw on package display's Screen: set it. SetInput says who answers when a
// cell reads os.Stdin.
//
// Read session.go, then evaluate.go, which compiles and runs one cell, and parts.go, which
// compiles what package lower has made of it. builtins.go, errors.go and printed.go have
// what such code calls. undo.go takes back what a cell declared that does not compile;
// worker.go stops a cell; failure.go and runtimeerror.go explain what went wrong.
// inspect.go and names.go are Shift-Tab and Tab, in the scope of scope.go and types.go.
package cell

import (
	"fmt"
	"go/build"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/display"
	"stepwise/cmd/kernel/lower"
)

// A Session is what cells share: the names that they define. One goroutine at a
// time may call its methods, except Interrupt.
type Session struct {
	check      *check.Session // of the same cells as ir
	generics   *lower.Generics
	ir         *fast.Interp
	worker     *worker       // runs the cells; replaced when one is left behind
	interrupts chan struct{} // holds one at most: a reader may be impatient
	enter      func()        // interpreted; the goroutine that calls it is known to gomacro
	forms      []form        // by which a cell's value shows itself
	finished   int           // how many types the interpreter knew when finishTypes looked last
	shrunk     int           // how many it knew when shrinkHeap gave memory back

	anyRun     *fast.Run // from which gomacro's others are found
	traceback  string    // where the cell has panicked
	inside     atomic.Pointer[inside]
	leftBehind sync.Map // *fast.Run of workers that were abandoned
}

// A Result is how a cell ended: with a failure, or with a value to show, which may
// be empty.
type Result struct {
	Value   display.Data
	Failure *Failure
}

// New makes a session in which nothing is defined but Display.
func New() (*Session, error) {
	prepareTables()
	s := &Session{check: check.NewSession(), interrupts: make(chan struct{}, 1)}
	if err := s.check.Predeclare("Display", displayPath, "Show"); err != nil {
		return nil, fmt.Errorf("starting the checker of cells: %w", err)
	}
	s.generics = lower.NewGenerics(s.check)
	s.worker = newWorker(s)
	if err := s.worker.prepare(); err != nil {
		return nil, fmt.Errorf("starting the interpreter: %w", err)
	}
	return s, nil
}

// prepareInterpreter makes the interpreter, in the worker's goroutine.
func (s *Session) prepareInterpreter() error {
	s.ir = newInterpreter()
	// gomacro reports what it does itself; none of that is meant for a learner.
	s.ir.Comp.Stdout, s.ir.Comp.Stderr = io.Discard, io.Discard
	s.ir.Comp.Options &^= base.OptShowPrompt | base.OptTrapPanic // panics are ours to show
	s.anyRun = environment(s.ir).Run
	s.ir.DeclVar("Display", nil, display.Show)
	proxy := s.ir.Comp.InterfaceProxy(s.ir.Comp.TypeOfError())
	errorProxy.Store(&proxy)
	s.declareBuiltins()
	enter, _ := s.ir.Eval1("(func() { i := 0; i++ })")
	s.enter = enter.Interface().(func())
	return s.learnForms()
}

// newInterpreter makes one that learns types by reflection alone. gomacro would
// otherwise run the go command for each package it meets, print a warning for every
// generic function there, and die of aliases, which go/types has a type for since
// Go 1.23. Its importer can be replaced only when it has been used already; until
// then it must not find the go command.
func newInterpreter() *fast.Interp {
	making.Lock()
	defer making.Unlock()
	defer func(before build.Context) { build.Default = before }(build.Default)
	build.Default.GOROOT, build.Default.GOPATH = "", ""
	ir := fast.New()
	ir.Comp.Universe.Importer = &xreflect.Importer{}
	return steady(ir)
}

// steady makes the numbers among the cells' variables stay where they are. gomacro would
// move them when there are more, while goroutines of earlier cells change them.
func steady(ir *fast.Interp) *fast.Interp {
	const most = 1 << 14 // further ones are kept elsewhere
	env := ir.PrepareEnv()
	env.Ints, env.IntAddressTaken = append(make([]uint64, 0, most), env.Ints...), true
	return ir
}

var making sync.Mutex // held while build.Default is changed

// displayPath is where cells import package display from; they have short names for it.
const displayPath = "stepwise/cmd/kernel/display"

// prepareTables changes the packages that cells import, once for all sessions.
var prepareTables = sync.OnceFunc(func() {
	if display, ok := imports.Packages[displayPath]; ok {
		imports.Packages["display"] = display
		imports.Packages["github.com/gopherdata/gophernotes"] = display
	}
	guardTimers()
	guardExits()
	askForInput()
	makeStoppable()
	makeNetStoppable()
})

// Run runs a cell and returns when it has ended or, some time after an Interrupt,
// is left behind. number stands in errors: In[number].
func (s *Session) Run(code string, number int) Result {
	select {
	case <-s.interrupts: // meant for a cell that had ended already
	default:
	}
	stdin.begin()
	defer stdin.end(errEnded)
	done := s.worker.run(code, number)
	var again <-chan time.Time
	tries, waited, deep := 0, 0, false
	stack := time.NewTicker(stackPeriod)
	defer stack.Stop()
	for {
		select {
		case result := <-done:
			s.worker.calm()
			shrinkStacks()
			s.shrinkHeap()
			if deep && result.Failure != nil {
				result.Failure = tooDeep()
			}
			return result
		case <-stack.C:
			if !deep && stackInUse() > deepest {
				deep = true
				flag(s.worker.mine, base.SigInterrupt)
				s.worker.flagCoroutines()
			}
		case <-s.interrupts:
			if again == nil {
				ticker := time.NewTicker(interruptPeriod)
				defer ticker.Stop()
				again = ticker.C
				s.worker.stopCell(tries)
				stdin.end(base.SigInterrupt)
			} else {
				waited = patience
			}
		case <-again:
			if waited++; s.worker.goesOn(tries, waited) {
				continue
			}
			if tries++; tries < interruptTries {
				s.worker.stopCell(tries)
				continue
			}
			s.worker = s.worker.abandon()
			return Result{Failure: abandoned()}
		}
	}
}

// Interrupt stops the cell that runs now; if none does, it has no effect. Any goroutine
// may call it, at any time.
func (s *Session) Interrupt() {
	select {
	case s.interrupts <- struct{}{}:
	default:
	}
}
