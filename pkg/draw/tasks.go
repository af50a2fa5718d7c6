package draw

import (
	"strconv"
	"strings"

	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// Tasks returns the tasks that are alive on l as text: each with what it awaits, above the
// tasks that it waits for. Of many it shows the first. It needs no recording: it shows
// the present state of the loop, as Recording.Tree shows a run. Only the loop's
// goroutine may call it. In asyncio it is print_call_graph.
func Tasks(l *loop.Loop) string {
	all := task.All(l)
	t := living{waits: task.WaitsFor(l), seen: map[*task.Task]bool{}}
	awaited := map[*task.Task]bool{}
	for _, others := range t.waits {
		for _, other := range others {
			awaited[other] = true
		}
	}
	for _, one := range all {
		if !awaited[one] {
			t.grow(one, 0)
		}
	}
	for _, one := range all { // a cycle, which no task outside it waits for
		if !t.seen[one] {
			t.grow(one, 0)
		}
	}
	if len(t.rows) > mostTasks {
		t.rows = append(t.rows[:mostTasks], "and "+strconv.Itoa(len(all)-mostTasks)+" more")
	}
	return count(len(all), "task") + "\n" + lines(t.rows)
}

type living struct {
	waits map[*task.Task][]*task.Task
	seen  map[*task.Task]bool
	rows  []string
}

func (t *living) grow(one *task.Task, depth int) {
	if len(t.rows) > mostTasks { // nobody reads them all, and each reason takes time to find
		return
	}
	row := strings.Repeat("   ", depth) + one.String() + " awaits " + one.Reason()
	if t.seen[one] {
		t.rows = append(t.rows, row+" (see above)")
		return
	}
	t.seen[one] = true
	t.rows = append(t.rows, row)
	for _, other := range t.waits[one] {
		t.grow(other, depth+1)
	}
}
