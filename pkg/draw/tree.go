package draw

import (
	"cmp"
	"slices"
	"strings"

	"stepwise/pkg/trace"
)

// Tree shows the tasks, each below the one that spawned it, with what it waited for, and
// how it ended or what it waits for now.
func (r *Recording) Tree() *Picture {
	t := tree{facts: learn(r.Events), parents: map[uint64]uint64{}, waited: map[uint64][]string{}, ends: map[uint64]string{}, now: map[uint64]string{}}
	for i := range r.Events {
		t.event(&r.Events[i])
	}
	for _, task := range t.tasks {
		if !slices.Contains(t.tasks, t.parents[task]) || t.parents[task] == task {
			t.grow(task, 0)
		}
	}
	return t.picture(r.remarks())
}

type tree struct {
	facts
	parents map[uint64]uint64 // by task: the one that spawned it, 0 for the program
	waited  map[uint64][]string
	ends    map[uint64]string
	now     map[uint64]string // by task that has not ended: what it waits for
	rows    []leaf
}

type leaf struct {
	depth        int
	name, detail string
}

func (t *tree) event(e *trace.Event) {
	switch e.Kind {
	case trace.Spawned:
		if e.Task < e.About { // a parent is older, so the tree has no cycle, whatever the events say
			t.parents[e.About] = e.Task
		}
	case trace.Yielded:
		why := cmp.Or(reason(t.facts, *e), "its next turn")
		t.now[e.Task] = why
		t.waited[e.Task] = once(t.waited[e.Task], why)
	case trace.Resumed:
		delete(t.now, e.Task)
	case trace.Done:
		if task := t.taskOf[e.Future]; task != 0 {
			t.ends[task] = outcome(e)
		}
	}
}

func (t *tree) grow(task uint64, depth int) {
	end := cmp.Or(t.ends[task], orElse(t.now[task], "waits for ", "not ended"))
	waited := orElse(shortList(t.waited[task]), "waited for ", "")
	t.rows = append(t.rows, leaf{depth, "task " + num(task) + ", " + bodyName(t.bodies[task]), parts(waited, end)})
	for _, child := range t.tasks {
		if t.parents[child] == task && child != task {
			t.grow(child, depth+1)
		}
	}
}

func (t *tree) picture(below []string) *Picture {
	const title = "Tasks: who spawned whom, and who waits for whom"
	left := max(0, len(t.rows)-mostTasks)
	c, y := newCanvas(title)
	y += 8
	var words []string
	last := map[int]int{} // by depth: the y of the latest task there
	for _, row := range t.rows[:len(t.rows)-left] {
		const step, most = 28, 12
		x := margin + 8 + min(row.depth, most)*step
		y += 44
		if row.depth > 0 && row.depth <= most {
			c.line("life", x-step, last[row.depth-1]+6, x-step, y-24)
			c.line("life", x-step, y-24, x-6, y-24)
		}
		last[row.depth] = y - 24
		c.dot("open", x, y-24, 5)
		c.text(x+12, y-20, start, "strong", row.name)
		c.text(x+12, y-3, start, "", row.detail)
		words = append(words, strings.Repeat("   ", row.depth)+row.name+": "+row.detail)
	}
	if folded := foldedHere(left, "task"); folded != "" {
		y += 26
		c.text(margin, y, start, "faint", folded)
		words = append(words, "..... "+folded)
	}
	c.lines(y, below)
	return c.picture(title, count(len(t.rows), "task"), title+"\n"+lines(append(words, below...)))
}
