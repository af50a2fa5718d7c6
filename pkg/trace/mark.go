package trace

import "fmt"

// Mark is the identity of a future in a recording, and of the task whose result
// the future is. Its methods do nothing on a nil *Mark, which is what a future
// has that isn't recorded.
type Mark struct {
	r            *Recorder
	future, task uint64
}

// Future records that a future was made, and numbers it; nil on a nil *Recorder.
func (r *Recorder) Future() *Mark {
	if r == nil {
		return nil
	}
	m := &Mark{r: r, future: number(r, &r.futures)}
	r.addHere(Event{Kind: Made, Future: m.future})
	return m
}

func number(r *Recorder, last *uint64) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	*last++
	return *last
}

// String is what pictures and values call it: "task 2", "future 5"; "" for a
// nil *Mark.
func (m *Mark) String() string {
	switch {
	case m == nil:
		return ""
	case m.task != 0:
		return "task " + itoa(m.task)
	}
	return "future " + itoa(m.future)
}

// Spawned says that the future is the result of a task, whose body fn is.
func (m *Mark) Spawned(fn any) {
	if m == nil {
		return
	}
	m.task = number(m.r, &m.r.tasks)
	m.r.addHere(Event{Kind: Spawned, About: m.task, Future: m.future, Name: FuncName(fn)})
}

// Awaits says that fn will be called when the future is done.
func (m *Mark) Awaits(fn any) {
	if m != nil {
		m.r.add(Event{Kind: Awaits, Future: m.future, Name: FuncName(fn)})
	}
}

// Named says what the future waits for: fd, to "read" or to "write".
func (m *Mark) Named(fd int, what fmt.Stringer) {
	if m != nil {
		m.r.add(Event{Kind: Named, Future: m.future, FD: fd, Name: what.String()})
	}
}

// Done says how the future has left pending.
func (m *Mark) Done(state fmt.Stringer, value any, err error) {
	if m != nil {
		m.r.add(Event{Kind: Done, Future: m.future, Name: state.String(), Text: valueUnless(err, value), Err: errText(err)})
	}
}

// Refused says that op was called on the future although it is done.
func (m *Mark) Refused(op string) {
	if m != nil {
		m.r.add(Event{Kind: Refused, Future: m.future, Name: op})
	}
}

// CancelAsked says that somebody cancels the task.
func (m *Mark) CancelAsked() {
	if m != nil {
		m.r.addHere(Event{Kind: CancelAsked, About: m.task, Future: m.future})
	}
}

// Resumed says that the task is stepped, with a value or an error.
func (m *Mark) Resumed(value any, err error) {
	if m == nil {
		return
	}
	m.r.mu.Lock()
	defer m.r.mu.Unlock()
	m.r.steps = append(m.r.steps, m.task)
	m.r.addLocked(Event{Kind: Resumed, Text: valueUnless(err, value), Err: errText(err)})
}

// Stepped says that the task's step is over.
func (m *Mark) Stepped() {
	if m == nil {
		return
	}
	m.r.mu.Lock()
	defer m.r.mu.Unlock()
	m.r.addLocked(Event{Kind: Stepped})
	m.r.steps = pop(m.r.steps)
}

// Yielded says that the task's coroutine pauses, to wait for out. The task's
// coroutine calls it, since the stack that it records is the caller's.
func (m *Mark) Yielded(out any) {
	if m == nil {
		return
	}
	compiled := stack()
	m.r.mu.Lock()
	defer m.r.mu.Unlock()
	e := Event{Kind: Yielded, Stack: withEntered(compiled, m.r.names[m.task]), Text: Value(out)}
	if on := markOf(out); on != nil {
		e.Future = on.future
	}
	m.r.addLocked(e)
}

// markOf is what a Future or a Task goes by.
func markOf(v any) *Mark {
	if has, ok := v.(interface{ Mark() *Mark }); ok {
		return has.Mark()
	}
	return nil
}

func valueUnless(err error, value any) string {
	if err != nil {
		return ""
	}
	return Value(value)
}
