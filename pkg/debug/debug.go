// Package debug is asyncio's debug mode: a probe that reports what kept the others
// waiting, and what was forgotten.
//
//	l, err := loop.New(loop.Options{Probe: debug.Mode{}})
//
// It reports to the loop's exception handler: callbacks and steps of tasks that took too
// long, and, when the loop closes, tasks that were never awaited and descriptors that
// were never closed. To an error that was never read it adds where its future was made.
// It costs about a microsecond for each future and callback; that time is not counted as
// the callback's own.
//
// Offer lets you look into a program that runs, or hangs: `stepwise tasks PID` lists its
// tasks, and says what each waits for. ByEnvironment turns both on.
package debug

import (
	"errors"
	"fmt"
	"os"
	"time"

	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// What debug mode reports when the loop closes.
var (
	ErrNeverAwaited = errors.New("nobody has looked at its result")
	ErrNeverClosed  = errors.New("nobody has closed it")
)

// SlowError says that a callback, or the step of a task, kept all others waiting.
type SlowError struct {
	Name    string        // "task main.crawl", or the callback's function
	Took    time.Duration // by the loop's clock
	Created string        // by what it was spawned or scheduled, and where; empty if unknown
}

// Error reads like "task main.crawl took 150ms, while nothing else could run (made
// by main.main at main.go:12)".
func (e *SlowError) Error() string {
	text := fmt.Sprintf("%s took %v, while nothing else could run", e.Name, e.Took)
	if e.Created != "" {
		text += " (made by " + e.Created + ")"
	}
	return text
}

// Mode is debug mode, a probe. It may watch any number of loops.
type Mode struct {
	Slow time.Duration // a callback that takes this long or longer is reported; 0 means 100 ms
}

const slowByDefault = 100 * time.Millisecond

// Watch begins a ledger for l. loop.New calls it.
func (m Mode) Watch(l probe.Loop) probe.Events {
	if m.Slow <= 0 {
		m.Slow = slowByDefault
	}
	return &ledger{loop: l, slow: m.Slow, here: trace.Here, origins: map[probe.Identity]*origin{}, unasked: map[string]int{}}
}

var _ probe.Probe = Mode{}

// ByEnvironment puts every loop made from now on into debug mode and offers its tasks
// (Offer), if the environment has STEPWISEDEBUG=1. Call it at the beginning of main. Loops
// made after stop are not in debug mode. If the tasks can't be offered, it says so on the
// standard error.
func ByEnvironment() (stop func()) {
	if asked := os.Getenv("STEPWISEDEBUG"); asked == "" || asked == "0" {
		return func() {}
	}
	end := probe.Everywhere(Mode{})
	withdraw, err := Offer()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return end
	}
	return func() { withdraw(); end() }
}
