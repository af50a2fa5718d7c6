package wait

import "stepwise/pkg/coro"

// Event is something that happens once for everybody, such as "the server is
// up": asyncio's Event. The zero value is one that has not happened.
type Event struct {
	set  bool
	line line
}

// Wait pauses until e is set; on one that is set it returns at once. A Clear
// that comes between Set and the task that Set wakes changes nothing: it has
// happened. Errors are those of task.Await.
func (e *Event) Wait(yield coro.Yield) error {
	if err := e.line.visit(yield); err != nil {
		return failed("event", err)
	}
	if e.set {
		return nil
	}
	_, err := e.line.wait(yield, "an event to be set")
	return failed("event", err)
}

// Set says that it has happened, and wakes all who wait. Twice is as once.
func (e *Event) Set() {
	e.set = true
	for e.line.next() {
	}
}

// Clear has those who Wait from now on wait for the next Set.
func (e *Event) Clear() { e.set = false }

// IsSet reports whether e is set.
func (e *Event) IsSet() bool { return e.set }
