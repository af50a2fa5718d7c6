package trace

import (
	"fmt"
	"slices"
	"time"

	"stepwise/pkg/probe"
)

// lane records the events of one loop.
//
// It is guarded by the Recorder's mutex.
type lane struct {
	probe.Nothing
	r       *Recorder
	number  int // of the loop, from 1
	clock   func() time.Duration
	offset  time.Duration     // from the loop's clock to the recording's
	timeout time.Duration     // of the current select
	began   time.Duration     // when that select began, by the loop's clock
	turn    uint64            // the callback that runs; 0 if none does
	step    uint64            // the task whose step runs; 0 if none does
	numbers map[uint64]uint64 // the Recorder's number of a callback, by the loop's, until it has ended
	yielded *Event            // by the current step; recorded once its future is known
}

// Watch begins the recording of a loop. The loop's first moment is the recording's
// present: now if a loop is open, otherwise the latest event. A nil *Recorder records
// nothing.
func (r *Recorder) Watch(l probe.Loop) probe.Events {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loops++
	lane := &lane{r: r, number: r.loops, clock: l.Now, offset: r.present() - l.Now(), numbers: map[uint64]uint64{}}
	r.open = append(r.open, lane)
	return lane
}

var (
	_ probe.Probe  = (*Recorder)(nil)
	_ probe.Events = (*lane)(nil)
)

// now returns the time of the recording, by the clock of the lane's loop.
func (l *lane) now() time.Duration { return l.clock() + l.offset }

// End forgets the loop, whose clock no longer counts.
func (l *lane) End() {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.r.open = slices.DeleteFunc(l.r.open, func(other *lane) bool { return other == l })
}

// add records e.
func (l *lane) add(e Event) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.put(e)
}

// addHere records e with the stack of the calling coroutine, if there is one. What a task
// has the loop do for it (task.OnLoop) is told on the loop's stack, which says nothing of
// the task's.
func (l *lane) addHere(e Event) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if l.step != 0 {
		if compiled, inside := stack(); inside {
			e.Stack = withEntered(compiled, l.r.names[l.step])
		}
	}
	l.put(e)
}

// put fills in what the lane knows, and records e. The mutex is held.
func (l *lane) put(e Event) {
	if y := l.yielded; y != nil { // it happened before e
		l.yielded = nil
		l.put(*y)
	}
	e.Loop, e.Task, e.Callback = l.number, l.step, l.turn
	l.r.put(e, l.now())
}

// Sleep notes when select began. A select that only looks isn't recorded.
func (l *lane) Sleep(timeout time.Duration) {
	if timeout != 0 {
		l.add(Event{Kind: Sleep, Took: timeout})
	}
	l.timeout, l.began = timeout, l.clock()
}

// Woke records the end of a select, unless it only looked and found nothing: a busy
// loop does that in each round.
func (l *lane) Woke(n int) {
	if l.timeout != 0 || n > 0 {
		l.add(Event{Kind: Woke, N: n, Took: l.clock() - l.began})
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
	l.numbers[c.Number] = l.r.callbacks
	l.put(l.callback(Queued, c))
}

func (l *lane) Began(c probe.Callback) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.turn = l.numbers[c.Number]
	l.put(l.callback(Began, c))
}

// callback returns an event about c. The mutex is held.
func (l *lane) callback(k Kind, c probe.Callback) Event {
	return Event{Kind: k, About: l.numbers[c.Number], Name: probe.FuncName(c.Fn), Text: string(c.Why), FD: c.FD}
}

func (l *lane) Skipped(probe.Callback) { l.add(Event{Kind: Skipped, About: l.turn}) }

func (l *lane) Returned(c probe.Callback) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.put(Event{Kind: Returned, About: l.numbers[c.Number]})
	l.turn = 0
	delete(l.numbers, c.Number)
}

// System records a system call. Calls about names and options are left out, since
// they change nothing, except the one that takes the error of a connect.
func (l *lane) System(name string, fd, n int, err error) {
	switch name {
	case "getsockname", "getpeername", "setsockopt", "peek":
		return
	case "getsockopt":
		name = "SO_ERROR"
	}
	l.addHere(Event{Kind: System, Name: name, FD: fd, N: n, Err: errno(err)})
}

// Noted records a text of the program's own.
func (l *lane) Noted(text string) { l.addHere(Event{Kind: Note, Text: clip(text)}) }

// Entered records that the function name was entered, and that it was left once left
// is called. That may happen outside the task's steps: a coroutine that is closed
// unwinds there. Calling left again has no effect.
func (l *lane) Entered(name string) (left func()) {
	compiled, _ := stack()
	e := &entered{clip(name), len(compiled)}
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	task := l.step
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
