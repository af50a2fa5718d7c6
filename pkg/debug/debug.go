// Package debug is asyncio's debug mode: a probe that says who keeps the others
// waiting, and what was forgotten.
//
//	l, err := loop.New(loop.Options{Probe: debug.Mode{}})
//
// What it finds goes to the loop's exception handler: callbacks and steps of
// tasks that took too long, and, when the loop closes, tasks that nobody has
// awaited and descriptors that nobody has closed. It also adds to the errors that
// nobody has read where they were made. It costs some microseconds for each
// future and callback.
package debug

import (
	"errors"
	"fmt"
	"os"
	"time"

	"stepwise/pkg/probe"
)

// What debug mode finds when the loop closes.
var (
	ErrNeverAwaited = errors.New("nobody has looked at its result")
	ErrNeverClosed  = errors.New("nobody has closed it")
)

// SlowError: a callback, or the step of a task, has kept all others waiting.
type SlowError struct {
	Name    string        // "task main.crawl", or the callback's function
	Took    time.Duration // by the loop's clock
	Created string        // who spawned or scheduled it, and where; empty if that isn't known
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
	Slow time.Duration // a callback that takes as long, or longer, is reported; 0 is 100 ms
}

// Watch begins a ledger for l: loop.New calls it.
func (m Mode) Watch(l probe.Loop) probe.Events {
	if m.Slow <= 0 {
		m.Slow = 100 * time.Millisecond
	}
	return &ledger{loop: l, slow: m.Slow, origins: map[probe.Identity]*origin{}, idle: map[string]int{}}
}

var _ probe.Probe = Mode{}

// ByEnvironment has every loop that is made from now on watched in debug mode, if
// the environment asks for it by STEPWISEDEBUG=1. A program calls it at the
// beginning of main. stop ends it.
func ByEnvironment() (stop func()) {
	if asked := os.Getenv("STEPWISEDEBUG"); asked == "" || asked == "0" {
		return func() {}
	}
	return probe.Everywhere(Mode{})
}
