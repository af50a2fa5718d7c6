package wait

import "stepwise/pkg/coro"

// Event is something that happens once for everybody, such as "the server is
// up": asyncio's Event. The zero value has not happened yet.
type Event struct {
	set  bool
	line line
}

// Wait pauses until e is set; if it is set already, Wait returns at once. A Clear
// between Set and the step of a task that Set wakes changes nothing: the event has
// happened. Errors are those of task.Await.
func (e *Event) Wait(yield coro.Yield) error {
	if err := e.line.budget.Spend(yield); err != nil {
		return failed("event", err)
	}
	if e.set {
		return nil
	}
	_, err := e.line.wait(yield, "an event to be set")
	return failed("event", err)
}

// Set says that e has happened, and wakes all tasks that wait for it. Calling it
// again has no effect.
func (e *Event) Set() {
	e.set = true
	for e.line.next() {
	}
}

// Clear makes calls of Wait from now on wait for the next Set.
func (e *Event) Clear() { e.set = false }

// IsSet reports whether e is set.
func (e *Event) IsSet() bool { return e.set }
