package draw

import (
	"slices"
	"strings"

	"stepwise/pkg/trace"
)

// lane makes sure that l is there, to the right of what belongs to its left, and
// returns its key.
func (s *story) lane(l lane) string {
	if slices.ContainsFunc(s.lanes, func(have lane) bool { return have.key == l.key }) {
		return l.key
	}
	at := len(s.lanes)
	for i, have := range s.lanes {
		if l.before(have) {
			at = i
			break
		}
	}
	s.lanes = slices.Insert(s.lanes, at, l)
	return l.key
}

// before: loop by loop, and in each select and the loop, then callbacks, then the
// tasks by their numbers, each with its step before its functions, the outer before
// the inner.
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

// frame is the lane of the function at depth of a task's stack.
func (t *teller) frame(task uint64, depth int, stack []string) string {
	if depth == 0 {
		return t.step(task)
	}
	name := stack[depth-1]
	return t.lane(lane{key: "task " + num(task) + " " + name, name: name, loop: t.loopOf[task], task: task, depth: depth})
}

// bottom is the first function of a task's coroutine: the first that its first
// yield or Enter will show.
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

// stack tells the returns and the calls between the stack that was and the one
// that is.
func (t *teller) stack(e *trace.Event, now []string) {
	was := t.stacks[e.Task]
	if e.Task == 0 || len(now) == 0 {
		if e.Kind == trace.Called && t.says[e.Callback] != e.Name { // a callback that says its name is told already
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

// unwind tells the returns of all but the first keep functions; what is what
// the outermost of them hands to the step.
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

// left tells that a function has returned which said that it would.
func (t *teller) left(e *trace.Event) {
	stack := t.stacks[e.Task]
	for n := len(stack); n > 0; n-- {
		if stack[n-1] == e.Name || strings.HasSuffix(stack[n-1], "."+e.Name) {
			if n > 1 { // the outermost returns to the step, with the result: that is told by Done
				t.unwind(e, n-1, "")
			}
			return
		}
	}
	if e.Task == 0 && t.says[e.Callback] != e.Name {
		t.note(e, "leave "+e.Name)
	}
}

// onlyUsed drops the lanes that no row touches.
func (s *story) onlyUsed() {
	used := map[string]bool{}
	for _, r := range s.rows {
		used[r.from], used[r.to] = true, true
	}
	s.lanes = slices.DeleteFunc(s.lanes, func(l lane) bool { return !used[l.key] && !(l.floor && strings.HasPrefix(l.key, loopLane)) })
}
