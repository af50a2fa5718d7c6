package trace

import (
	"fmt"

	"stepwise/pkg/probe"
)

// What futures and tasks report, as events. Read lane.go first.

// numbers are the number of a future and that of the task whose result it is, 0 if it
// is no task's.
type numbers struct{ future, task uint64 }

// String returns the name that pictures use: "task 2", "future 5".
func (n numbers) String() string {
	if n.task != 0 {
		return "task " + itoa(n.task)
	}
	return "future " + itoa(n.future)
}

// made numbers a new future. The mutex is held.
func (r *Recorder) made(f any) numbers {
	r.futures++
	n := numbers{future: r.futures}
	r.numbered[probe.IdentityOf(f)] = n
	return n
}

// spawned numbers a new task. The mutex is held.
func (r *Recorder) spawned(t, result any) numbers {
	r.tasks++
	n := r.numbered[probe.IdentityOf(result)]
	n.task = r.tasks
	r.numbered[probe.IdentityOf(t)], r.numbered[probe.IdentityOf(result)] = n, n
	return n
}

// numbersOf returns those of a future or a task. The mutex is not held.
func (l *lane) numbersOf(x any) numbers {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	return l.r.numbered[probe.IdentityOf(x)]
}

func (l *lane) Made(f any) {
	l.r.mu.Lock()
	n := l.r.made(f)
	l.r.mu.Unlock()
	l.addHere(Event{Kind: Made, Future: n.future})
}

func (l *lane) Named(f any, what fmt.Stringer) {
	if d, ok := what.(probe.Descriptor); ok {
		fd, events := d.Descriptor()
		l.add(Event{Kind: Named, Future: l.numbersOf(f).future, FD: fd, Name: events.String()})
	}
}

// Awaits records the event, and before it the yield that it completes.
func (l *lane) Awaits(f any, fn func()) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	n := l.r.numbered[probe.IdentityOf(f)]
	if e := l.yielded; e != nil {
		e.Future, e.Text = n.future, n.String()
	}
	l.put(Event{Kind: Awaits, Future: n.future, Name: probe.FuncName(fn)})
}

func (l *lane) Done(f any, state fmt.Stringer, value any, err error) {
	l.add(Event{Kind: Done, Future: l.numbersOf(f).future, Name: state.String(), Text: l.valueUnless(err, value), Err: errText(err)})
}

func (l *lane) Refused(f any, op string) {
	l.add(Event{Kind: Refused, Future: l.numbersOf(f).future, Name: op})
}

func (l *lane) Spawned(t, result, body any) {
	l.r.mu.Lock()
	n := l.r.spawned(t, result)
	l.r.mu.Unlock()
	l.addHere(Event{Kind: Spawned, About: n.task, Future: n.future, Name: probe.FuncName(body)})
}

func (l *lane) Resumed(t any, value any, err error) {
	n, text := l.numbersOf(t), l.valueUnless(err, value)
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.step = n.task
	l.put(Event{Kind: Resumed, Text: text, Err: errText(err)})
}

// Yielded keeps what only the coroutine can tell. The event isn't recorded yet: if the
// step calls Awaits next, that says which future was yielded.
func (l *lane) Yielded(t any, out any) {
	n, text := l.numbersOf(t), l.value(out)
	compiled, _ := stack()
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.yielded = &Event{Kind: Yielded, Stack: withEntered(compiled, l.r.names[n.task]), Text: text}
}

func (l *lane) Stepped(any) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.put(Event{Kind: Stepped})
	l.step = 0
}

func (l *lane) CancelAsked(t any) {
	n := l.numbersOf(t)
	l.addHere(Event{Kind: CancelAsked, About: n.task, Future: n.future})
}

// value returns v as a short text. Futures and tasks appear by number.
func (l *lane) value(v any) string {
	if n := l.numbersOf(v); n != (numbers{}) {
		return n.String()
	}
	return short(v)
}

func (l *lane) valueUnless(err error, value any) string {
	if err != nil {
		return ""
	}
	return l.value(value)
}
