package draw

import (
	"slices"
	"strings"

	"stepwise/pkg/trace"
)

// lane adds l in its place, unless it is there, and returns its key.
func (s *story) lane(l lane) string {
	if slices.ContainsFunc(s.lanes, func(have lane) bool { return have.key == l.key }) {
		return l.key
	}
	at := slices.IndexFunc(s.lanes, l.before)
	if at < 0 {
		at = len(s.lanes)
	}
	s.lanes = slices.Insert(s.lanes, at, l)
	return l.key
}

// before orders lanes by loop; in each, select and the loop come first, then callbacks,
// then the tasks by number, each with its step first and then its functions, from the
// outermost to the innermost.
func (l lane) before(other lane) bool {
	if l.loop != other.loop {
		return l.loop < other.loop
	}
	if other.floor {
		return false
	}
	if l.task != other.task {
		return l.task < other.task
	}
	return l.depth < other.depth
}

func (t *teller) step(task uint64) string {
	name := "Task.step"
	if t.several {
		name = "task " + num(task) + " step"
	}
	return t.lane(lane{key: "task " + num(task), name: name, loop: t.loopOf[task], task: task})
}

// frame returns the lane of the function at this depth of a task's stack.
func (t *teller) frame(task uint64, depth int, stack []string) string {
	if depth == 0 {
		return t.step(task)
	}
	name := stack[depth-1]
	return t.lane(lane{key: "task " + num(task) + " " + name, name: name, loop: t.loopOf[task], task: task, depth: depth})
}

// bottom returns the outermost function of a task's coroutine, as its first yield or
// Enter shows it.
func (t *teller) bottom(task uint64) string {
	for i := range t.events {
		e := &t.events[i]
		if e.Task != task {
			continue
		}
		if (e.Kind == trace.Yielded || e.Kind == trace.Called) && len(e.Stack) > 0 {
			return e.Stack[0]
		}
	}
	return bodyName(t.bodies[task])
}

func (t *teller) push(task uint64, name string, e *trace.Event) {
	stack := t.stacks[task]
	if e != nil {
		t.add(row{kind: call, from: t.frame(task, len(stack), stack), to: t.frame(task, len(stack)+1, append(slices.Clone(stack), name)),
			label: "call " + name, seq: e.Seq})
	}
	t.stacks[task] = append(stack, name)
}

// stack tells the returns and calls that lead from the previous stack to this one.
func (t *teller) stack(e *trace.Event, now []string) {
	was := t.stacks[e.Task]
	if e.Task == 0 || len(now) == 0 {
		if e.Kind == trace.Called && t.says[e.Callback] != e.Name { // otherwise the callback's own row has said so
			t.note(e, "call "+e.Name)
		}
		return
	}
	same := 0
	for same < len(was) && same < len(now) && was[same] == now[same] {
		same++
	}
	t.unwind(e, same, "")
	for _, name := range now[len(t.stacks[e.Task]):] {
		t.push(e.Task, name, e)
	}
}

// unwind tells the returns of all but the first keep functions. what is what the
// outermost function of the coroutine returns to the step, or empty.
func (t *teller) unwind(e *trace.Event, keep int, what string) {
	for {
		stack := t.stacks[e.Task]
		n := len(stack)
		if n <= keep {
			return
		}
		label := "return"
		if n == 1 && what != "" {
			label += ", " + what
		}
		t.add(row{kind: back, from: t.frame(e.Task, n, stack), to: t.frame(e.Task, n-1, stack), label: label, seq: e.Seq})
		t.stacks[e.Task] = stack[:n-1]
	}
}

// left tells the return of a function that announced its name.
func (t *teller) left(e *trace.Event) {
	stack := t.stacks[e.Task]
	for n := len(stack); n > 0; n-- {
		if stack[n-1] == e.Name || strings.HasSuffix(stack[n-1], "."+e.Name) {
			if n > 1 { // Done tells the return of the outermost, with the result
				t.unwind(e, n-1, "")
			}
			return
		}
	}
	if e.Task == 0 && t.says[e.Callback] != e.Name {
		t.note(e, "leave "+e.Name)
	}
}

// onlyUsed drops the lanes that no row touches, except the loops' own.
func (s *story) onlyUsed() {
	used := map[string]bool{}
	for _, r := range s.rows {
		used[r.from], used[r.to] = true, true
	}
	s.lanes = slices.DeleteFunc(s.lanes, func(l lane) bool { return !used[l.key] && !(l.floor && strings.HasPrefix(l.key, loopLane)) })
}
