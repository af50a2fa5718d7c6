package draw

import (
	"slices"
	"time"

	"stepwise/pkg/trace"
)

// Timeline shows a lane for each loop, with its sleeps, and below it one for each of
// its tasks, over the time of the recording: where a task runs, where it waits and for
// what, and where it could run but its turn has not come. A task in a blocking call is
// seen to run, while no other task of its loop does.
func (r *Recording) Timeline() *Picture { return newTimeline(r, false).picture() }

// TimelineInOrder is Timeline with all events equally far apart: it shows only their
// order, so it is the same in each run of a program that does the same.
func (r *Recording) TimelineInOrder() *Picture { return newTimeline(r, true).picture() }

// span is a stretch of a lane.
type span struct {
	from, to int // columns, to excluded
	what     activity
}

type activity uint8

// Where several meet in a column, the greatest is shown.
const (
	absent activity = iota
	awake           // of a loop: like runs, but doesn't hide a sleep
	sleeps
	waits
	due
	runs
)

// letters are the activities in the text twin.
var letters = map[activity]string{absent: " ", awake: "#", sleeps: "=", waits: "-", due: "+", runs: "#"}

const (
	columns = 432          // of a timeline
	letter  = columns / 72 // columns that share a letter of the text twin
)

type timeline struct {
	facts
	inOrder bool
	events  []trace.Event
	at      []int // by event: its column
	lasts   time.Duration
	sums    map[string]*sum   // by lane
	spans   map[string][]span // by lane
	names   map[string]string // by lane
	lanes   []string          // their keys: each loop's, then its tasks'
	loops   []string          // the keys of the loops' lanes
	folded  int               // tasks that have no lane
	below   []string
}

func newTimeline(r *Recording, inOrder bool) *timeline {
	t := &timeline{facts: learn(r.Events), inOrder: inOrder, events: r.Events, below: r.remarks(),
		sums: map[string]*sum{}, spans: map[string][]span{}, names: map[string]string{}}
	t.scale()
	t.folded = max(0, len(t.tasks)-mostTasks)
	tasks := t.tasks[:len(t.tasks)-t.folded]
	numbers := t.facts.loops
	if len(numbers) == 0 {
		numbers = []int{1} // of which nothing is known
	}
	for _, n := range numbers {
		t.loop(n)
		for _, task := range tasks {
			if t.loopOf[task] == n {
				t.task(task)
			}
		}
	}
	return t
}

// scale gives each event its column.
func (t *timeline) scale() {
	if len(t.events) == 0 {
		return
	}
	first, last := t.events[0], t.events[len(t.events)-1]
	t.lasts = last.At - first.At
	for i, e := range t.events {
		column := 0
		switch {
		case t.inOrder && len(t.events) > 1:
			column = i * columns / len(t.events)
		case !t.inOrder && t.lasts > 0:
			column = int(float64(e.At-first.At) / float64(t.lasts) * (columns - 1))
		}
		t.at = append(t.at, column)
	}
}

// loop draws the lane of a loop, from its first event to its last. In time, what it
// does between two sleeps may take hardly any; in order, a sleep is one event. Both must
// be seen.
func (t *timeline) loop(n int) {
	key, working := t.on(n, "loop"), runs
	if t.inOrder {
		working = awake
	}
	t.loops = append(t.loops, key)
	p, last := t.pen(key), 0
	for i, e := range t.events {
		if e.Loop != n {
			continue
		}
		switch last = i; {
		case e.Kind == trace.Sleep:
			p.turn(i, sleeps)
			p.sum.steps++
		case e.Kind == trace.Woke, p.now == absent:
			p.turn(i, working)
		}
	}
	if p.now == sleeps || last == len(t.events)-1 {
		last = len(t.events) // it goes on to the end
	}
	p.turn(last, absent)
}

// task draws the lane of a task, which is due, runs, waits, and ends.
func (t *timeline) task(task uint64) {
	key := "task " + num(task)
	p, why, on := t.pen(key), "", uint64(0)
	for i, e := range t.events {
		switch {
		case e.Kind == trace.Spawned && e.About == task:
			p.turn(i, due)
			t.names[key] = list(key, bodyName(t.bodies[task]))
		case e.Kind == trace.Resumed && e.Task == task:
			p.turn(i, runs)
			p.sum.steps++
		case e.Kind == trace.Yielded && e.Task == task:
			why, on = reason(t.facts, e), e.Future
		case e.Kind == trace.Stepped && e.Task == task && p.now == runs:
			if on == 0 || t.doneBefore(on, i) {
				p.turn(i, due)
				break
			}
			p.sum.note(why)
			p.turn(i, waits)
		case e.Kind == trace.Done && e.Future == on && p.now == waits:
			p.turn(i, due)
		case e.Kind == trace.Done && e.Future == t.resultOf[task] && on != e.Future:
			p.turn(i, absent)
			p.sum.end = outcome(&t.events[i])
		}
	}
	p.turn(len(t.events)-1, absent)
}

func (t *timeline) doneBefore(future uint64, i int) bool {
	at, done := t.doneAt[future]
	return done && at < i
}

// pen draws one lane from left to right, and adds up what it draws.
type pen struct {
	t     *timeline
	key   string
	sum   *sum
	now   activity
	since int // the event at which now began
}

// pen begins a new lane, below the others.
func (t *timeline) pen(key string) *pen {
	t.lanes = append(t.lanes, key)
	t.names[key], t.sums[key] = key, &sum{}
	return &pen{t: t, key: key, sum: t.sums[key]}
}

// turn ends at event i what went on, and begins what goes on from there.
func (p *pen) turn(i int, to activity) {
	took := p.t.time(i) - p.t.time(p.since)
	switch p.now {
	case runs:
		p.sum.ran += took
	case waits, sleeps:
		p.sum.waited += took
	}
	if from := p.t.column(p.since); p.now != absent && from < columns { // what takes no time gets a column all the same
		p.t.spans[p.key] = append(p.t.spans[p.key], span{from, max(p.t.column(i), from+1), p.now})
	}
	p.now, p.since = to, i
}

// column and time return those of event i, or of the end of the recording.
func (t *timeline) column(i int) int {
	if i >= len(t.events) {
		return columns
	}
	return t.at[i]
}

func (t *timeline) time(i int) time.Duration {
	if len(t.events) == 0 {
		return 0
	}
	return t.events[min(i, len(t.events)-1)].At
}

// cells returns a lane's activity in each column.
func (t *timeline) cells(key string) (cells [columns]activity) {
	for _, s := range t.spans[key] {
		for i := s.from; i < min(s.to, columns); i++ {
			cells[i] = max(cells[i], s.what)
		}
	}
	return cells
}

func (t *timeline) isLoop(key string) bool { return slices.Contains(t.loops, key) }
