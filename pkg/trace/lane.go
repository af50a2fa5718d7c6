package trace

import (
	"fmt"
	"slices"
	"time"

	"stepwise/pkg/probe"
)

// lane is what a Recorder is told of one loop, as a probe.
//
// It is guarded by the Recorder's mutex. Invariant: running and steps are the
// callbacks and the tasks' steps that have begun and not ended, the innermost last.
type lane struct {
	probe.Nothing
	r       *Recorder
	number  int // of the loop, from 1
	now     func() time.Duration
	offset  time.Duration // added to the clock, so that a second loop goes on where the first stands
	timeout time.Duration // of the select that runs
	began   time.Duration // when it began
	running []uint64
	steps   []uint64
	known   map[uint64]uint64 // by the loop's number of a callback that has not ended: ours
	yielded *Event            // of the step that runs; not recorded before it is known for which future
}

// Watch begins the recording of a loop. The time of a second one goes on where
// the recording stands. A nil *Recorder records nothing.
func (r *Recorder) Watch(l probe.Loop) probe.Events {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loops++
	return &lane{r: r, number: r.loops, now: l.Now, offset: r.last - l.Now(), known: map[uint64]uint64{}}
}

var _ probe.Probe = (*Recorder)(nil)

// add records e, which the loop says.
func (l *lane) add(e Event) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.put(e)
}

// addHere is add, with the stack of the coroutine that calls, if one does.
func (l *lane) addHere(e Event) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if task := top(l.steps); task != 0 {
		e.Stack = withEntered(stack(), l.r.names[task])
	}
	l.put(e)
}

// put fills in what the lane knows. The mutex is held.
func (l *lane) put(e Event) {
	if y := l.yielded; y != nil { // the step goes on
		l.yielded = nil
		l.put(*y)
	}
	e.Loop, e.Task, e.Callback = l.number, top(l.steps), top(l.running)
	l.r.put(e, l.now()+l.offset)
}

// Slept notes when select began. One that only looks is not recorded.
func (l *lane) Slept(timeout time.Duration) {
	if timeout != 0 {
		l.add(Event{Kind: Sleep, Took: timeout})
	}
	l.timeout, l.began = timeout, l.now()
}

// Woke records the end of a select, unless it only looked and found nothing: a
// busy loop has one in each round.
func (l *lane) Woke(n int) {
	if l.timeout != 0 || n > 0 {
		l.add(Event{Kind: Woke, N: n, Took: l.now() - l.began})
	}
}

func (l *lane) Ready(fd int, what fmt.Stringer) {
	l.add(Event{Kind: Ready, FD: fd, Name: what.String()})
}

func (l *lane) Watched(fd int, what fmt.Stringer) {
	l.addHere(Event{Kind: Watched, FD: fd, Name: what.String()})
}

func (l *lane) Unwatched(fd int, what fmt.Stringer) {
	l.addHere(Event{Kind: Unwatched, FD: fd, Name: what.String()})
}

func (l *lane) Queued(c probe.Callback) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.r.callbacks++
	l.known[c.Number] = l.r.callbacks
	l.put(l.callback(Queued, c))
}

func (l *lane) Began(c probe.Callback) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.running = append(l.running, l.known[c.Number])
	l.put(l.callback(Began, c))
}

// callback is an event of c's turn. The mutex is held.
func (l *lane) callback(k Kind, c probe.Callback) Event {
	return Event{Kind: k, About: l.known[c.Number], Name: FuncName(c.Fn), Text: string(c.Why), FD: c.FD}
}

func (l *lane) Skipped(c probe.Callback) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.put(Event{Kind: Skipped, About: l.known[c.Number], FD: -1})
}

func (l *lane) Returned(c probe.Callback) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.put(Event{Kind: Returned, About: l.known[c.Number], FD: -1})
	l.running = pop(l.running)
	delete(l.known, c.Number)
}

// Called records a system call. Questions about names and options change nothing
// and are left out, but for the one that takes the error of a connect.
func (l *lane) Called(name string, fd, n int, err error) {
	switch name {
	case "getsockname", "getpeername", "setsockopt", "peek":
		return
	case "getsockopt":
		name = "SO_ERROR"
	}
	l.addHere(Event{Kind: System, Name: name, FD: fd, N: n, Err: errno(err)})
}

// Noted records words of somebody's own.
func (l *lane) Noted(text string) { l.addHere(Event{Kind: Note, Text: clip(text)}) }

// Entered records that the function name was entered, and its end when left is
// called: wherever it stands, since a coroutine that is closed unwinds outside of
// its task's steps. A second call of left does nothing.
func (l *lane) Entered(name string) (left func()) {
	compiled := stack()
	e := &entered{clip(name), len(compiled)}
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	task := top(l.steps)
	l.r.names[task] = append(l.r.names[task], e)
	l.put(Event{Kind: Called, Name: e.name, Stack: withEntered(compiled, l.r.names[task])})
	return func() { l.leave(task, e) }
}

func (l *lane) leave(task uint64, e *entered) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	at := slices.Index(l.r.names[task], e)
	if at < 0 {
		return
	}
	l.r.names[task] = slices.Delete(l.r.names[task], at, at+1)
	if len(l.r.names[task]) == 0 {
		delete(l.r.names, task)
	}
	l.put(Event{Kind: Left, Name: e.name})
}
