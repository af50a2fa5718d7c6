package task

// Which tasks are there, and which waits for which? These functions tell it while the
// tasks live; a recording (pkg/draw) tells it afterwards.

import (
	"slices"

	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
)

// All lists the tasks that are alive on l, the oldest first: asyncio's all_tasks.
// Only the loop's goroutine may call it.
func All(l *loop.Loop) (tasks []*Task) {
	for _, one := range l.Site().Owned() {
		if o, ok := one.(*owned); ok {
			tasks = append(tasks, (*Task)(o))
		}
	}
	return tasks
}

// Name is the name of the function that the Task runs, "main.crawl"; empty if t was not
// made by Spawn.
func (t *Task) Name() string {
	if t == nil || t.coro == nil {
		return ""
	}
	return probe.FuncName(t.source)
}

// String is the Task in words: "task main.crawl", or "a task of a cell" if a notebook's
// cell defines its function.
func (t *Task) String() string {
	switch name := t.Name(); name {
	case "":
		return "a task"
	case probe.CellFunc:
		return "a task of a cell"
	default:
		return "task " + name
	}
}

// String says who the Task is and, if a probe knows, where it was made.
func (o *owned) String() string {
	t := (*Task)(o)
	if e := t.events(); e != nil {
		if origin := e.Origin(t); origin != "" {
			return origin
		}
	}
	return t.String()
}

// Reason says in words what the Task awaits: "fd 7 to read"; on a Task that is done,
// "its end has come". Only the loop's goroutine may call it.
func (t *Task) Reason() string {
	if t.Done() {
		return "its end has come"
	}
	return (*owned)(t).Waits()
}

// WaitsFor says, for each task that is alive on l, which unfinished tasks it waits for,
// in order: one, or those of a Gather, a Wait or a Group. The tasks of a Group count
// from their Spawn on: the owner of the Group can't end before them. Only the loop's
// goroutine may call it.
func WaitsFor(l *loop.Loop) map[*Task][]*Task {
	all := All(l)
	waits := make(map[*Task][]*Task, len(all))
	inGroup := map[*Task][]*Task{}
	for _, t := range all {
		inGroup[t.parent] = append(inGroup[t.parent], t)
	}
	for _, t := range all {
		waits[t] = slices.DeleteFunc(distinct(append(t.Awaits(), inGroup[t]...)), (*Task).Done)
	}
	return waits
}

// Owner is the task whose Group the Task belongs to, and which can't end before it; nil if
// it belongs to none. Only the loop's goroutine may call it.
func (t *Task) Owner() *Task { return t.parent }

// Awaits lists the tasks that the Task's pending Await is about, done or not: one, or
// those of a Gather or a Wait. Only the loop's goroutine may call it.
func (t *Task) Awaits() (tasks []*Task) {
	switch a := t.waiting.(type) {
	case *Task:
		return []*Task{a}
	case *several:
		for _, one := range a.of() {
			if other, ok := one.(*Task); ok {
				tasks = append(tasks, other)
			}
		}
	}
	return tasks
}

// distinct returns all without repetitions.
func distinct[T comparable](all []T) (once []T) {
	once = make([]T, 0, len(all))
	seen := make(map[T]bool, len(all))
	for _, one := range all {
		if !seen[one] {
			seen[one] = true
			once = append(once, one)
		}
	}
	return once
}
