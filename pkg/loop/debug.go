package loop

// Debug mode: who keeps the others waiting, and what was forgotten? asyncio's
// debug mode. What it finds goes to the exception handler. Without it l.debug is
// nil, and each of these places costs one comparison.

import (
	"errors"
	"fmt"
	"os"
	"time"

	"stepwise/pkg/trace"
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

// debugger is what a loop in debug mode has more.
type debugger struct {
	origins *trace.Origins
	slow    time.Duration
	began   time.Duration // of the callback that runs
	runs    made          // the callback that runs; zero where that isn't known
}

// made is a callback's name, and who has scheduled it.
type made struct{ name, by string }

// debugging makes the debugger that o asks for, or the environment: STEPWISEDEBUG=1.
func debugging(o Options) *debugger {
	asked := os.Getenv("STEPWISEDEBUG")
	if !o.Debug && (asked == "" || asked == "0") {
		return nil
	}
	if o.Slow <= 0 {
		o.Slow = 100 * time.Millisecond
	}
	return &debugger{origins: trace.NewOrigins(), slow: o.Slow}
}

// Origins is where what lives on l was made; nil unless it is in debug mode, and
// then whatever is called on it does nothing.
func (l *Loop) Origins() *trace.Origins {
	if l.debug == nil {
		return nil
	}
	return l.debug.origins
}

// remember is fn, which says who it is when it runs. Any goroutine may call it.
func (d *debugger) remember(fn func()) func() {
	return d.rememberAs(fn, fn)
}

// rememberUnseen is remember where a recording, which knows callbacks by their
// functions, would see what it returns: then there is none.
func (l *Loop) rememberUnseen(fn func()) func() {
	if l.trace != nil {
		return fn
	}
	return l.debug.remember(fn)
}

// rememberAs is run, which says that it is fn.
func (d *debugger) rememberAs(fn, run func()) func() {
	if d == nil {
		return run
	}
	who := made{trace.FuncName(fn), trace.Place()}
	return func() {
		d.runs = who
		run()
	}
}

// begin comes before each callback, end after it, however it ended.
func (d *debugger) begin(now time.Duration) { d.began, d.runs = now, made{} }

func (l *Loop) endCallback(fn func()) {
	d := l.debug
	took, who, task := l.clock.Now()-d.began, d.runs, d.origins.Stepped()
	if took < d.slow {
		return
	}
	err := &SlowError{Name: who.name, Took: took, Created: who.by}
	if task != nil {
		err.Name, err.Created = task.Parts()
	}
	if err.Name == "" {
		err.Name = trace.FuncName(fn)
	}
	l.CallExceptionHandler(Exception{"a callback was slow", err, nil})
}

// reportForgotten is the last word of a loop that closes.
func (l *Loop) reportForgotten() {
	awaited, closed := l.Origins().Forgotten()
	for _, what := range awaited {
		l.CallExceptionHandler(Exception{"a task was never awaited", fmt.Errorf("%s: %w", what, ErrNeverAwaited), nil})
	}
	for _, what := range closed {
		l.CallExceptionHandler(Exception{"a descriptor was never closed", fmt.Errorf("%s: %w", what, ErrNeverClosed), nil})
	}
	l.Origins().Close()
}
