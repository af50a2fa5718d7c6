package trace

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
)

// Where was it made? A task that nobody awaits and a socket that nobody closes
// have nothing else to say for themselves. In a loop's debug mode each of them
// has an Origin; otherwise it is nil, and costs nothing.

// debugging is how many Origins there are: as long as there is none, nobody asks
// his loop for them.
var debugging atomic.Int32

// Origins is what a loop in debug mode knows of what was made on it. Its methods
// do nothing on a nil *Origins. Only the loop's goroutine may call them.
//
// Invariant: idle[place] is how many tasks were spawned there that nobody has
// looked at yet; places are the keys of idle.
type Origins struct {
	idle    map[string]int
	places  []string // of idle, in the order of the first
	open    []*Origin
	running *Origin
}

// NewOrigins begins a debug mode; Close ends it.
func NewOrigins() *Origins {
	debugging.Add(1)
	return &Origins{idle: map[string]int{}}
}

// Close says that nothing more is made.
func (o *Origins) Close() {
	if o != nil {
		debugging.Add(-1)
	}
}

// OriginsOf is s's, if s has any; nil otherwise.
func OriginsOf(s any) *Origins {
	if debugging.Load() == 0 {
		return nil
	}
	if has, ok := s.(interface{ Origins() *Origins }); ok {
		return has.Origins()
	}
	return nil
}

// Origin is where one thing was made, and what it is called. Its methods do
// nothing on a nil *Origin.
type Origin struct {
	of     *Origins
	what   string // "task main.crawl"
	place  string
	task   bool // that nobody has looked at yet
	closed bool
}

// Here is the Origin of what is being made: the place is the caller's, outside of
// the library.
func (o *Origins) Here(what string) *Origin {
	if o == nil {
		return nil
	}
	return &Origin{of: o, what: what, place: Place()}
}

// String is what it is and where it was made: "future made by main.main at
// main.go:12".
func (o *Origin) String() string {
	if o == nil {
		return ""
	}
	return o.what + " made by " + o.place
}

// Parts are the two halves of String: what it is, and who made it.
func (o *Origin) Parts() (what, by string) {
	if o == nil {
		return "", ""
	}
	return o.what, o.place
}

// Of adds to err where o was made. A nil err, or a nil *Origin, changes nothing.
func (o *Origin) Of(err error) error {
	if o == nil || err == nil {
		return err
	}
	return fmt.Errorf("%w (%v)", err, o)
}

// Spawned says that o is a task, whose body fn is.
func (o *Origin) Spawned(fn any) {
	if o == nil {
		return
	}
	o.what, o.task = "task "+FuncName(fn), true
	text := o.String()
	if _, known := o.of.idle[text]; !known {
		o.of.places = append(o.of.places, text)
	}
	o.of.idle[text]++
}

// Looked says that somebody has looked at the result, or will.
func (o *Origin) Looked() {
	if o != nil && o.task {
		o.task = false
		o.of.idle[o.String()]--
	}
}

// Runs says that o is the task whose step the callback that runs takes.
func (o *Origin) Runs() {
	if o != nil {
		o.of.running = o
	}
}

// Stepped is the task whose step ran since the last call; nil if there was none.
func (o *Origins) Stepped() *Origin {
	if o == nil {
		return nil
	}
	ran := o.running
	o.running = nil
	return ran
}

// Opened says that o is a descriptor, named what.
func (o *Origin) Opened(what string) {
	if o != nil {
		o.what = what
	}
}

// Left says that the loop had to close what o is; Closed, that its owner did.
func (o *Origin) Left() {
	if o != nil && !o.closed {
		o.of.open = append(o.of.open, o)
	}
}

// Closed says that the owner has closed it, be it after the loop.
func (o *Origin) Closed() {
	if o != nil {
		o.closed = true
	}
}

// Forgotten is what was never awaited, and what was never closed.
func (o *Origins) Forgotten() (awaited, closed []string) {
	if o == nil {
		return nil, nil
	}
	for _, place := range o.places {
		switch n := o.idle[place]; {
		case n == 1:
			awaited = append(awaited, place)
		case n > 1:
			awaited = append(awaited, fmt.Sprintf("%s, %d times", place, n))
		}
	}
	for _, origin := range o.open {
		if !origin.closed {
			closed = append(closed, origin.String())
		}
	}
	return awaited, closed
}

// Place is the function and the line that called the library: "main.main at
// main.go:12". Any goroutine may call it.
func Place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		switch {
		case interpreter(frame.Function):
			return "a cell"
		case frame.Function != "" && !library(frame):
			return fmt.Sprintf("%s at %s:%d", short(frame.Function), frame.File, frame.Line)
		}
	}
	return "the library"
}

// library: a function of the engine or of Go's runtime, tests left out.
func library(frame runtime.Frame) bool {
	if strings.HasSuffix(frame.File, "_test.go") {
		return false
	}
	for _, prefix := range []string{"runtime.", "iter.", "reflect.", "stepwise/pkg/trace.", "stepwise/pkg/sys.",
		"stepwise/pkg/selector.", "stepwise/pkg/loop.", "stepwise/pkg/future.", "stepwise/pkg/coro.",
		"stepwise/pkg/task.", "stepwise/pkg/wait.", "stepwise/pkg/sock.", "stepwise/pkg/outside."} {
		if strings.HasPrefix(frame.Function, prefix) {
			return true
		}
	}
	return false
}
