package draw

import (
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
	tracks  []*track // each loop's, then its tasks'
	folded  int      // tasks that have no track
	below   []string
}

// track is the lane of a loop or a task. It is drawn from left to right, and adds up what
// it draws.
type track struct {
	t      *timeline
	name   string
	ofLoop bool
	cells  [columns]activity

	now   activity
	since int // the event at which now began

	ran, waited time.Duration
	steps       int      // of a loop: its sleeps
	why         []string // what was waited for, in order, each once
	end         string
}

func newTimeline(r *Recording, inOrder bool) *timeline {
	t := &timeline{facts: learn(r.Events), inOrder: inOrder, events: r.Events, below: r.remarks()}
	t.scale()
	t.folded = max(0, len(t.tasks)-mostTasks)
	loops := t.loops
	if len(loops) == 0 {
		loops = []int{1} // of which nothing is known
	}
	for _, n := range loops {
		t.loop(n)
		for _, task := range t.tasks[:len(t.tasks)-t.folded] {
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
	working := runs
	if t.inOrder {
		working = awake
	}
	l, last := t.track(t.on(n, "loop")), 0
	l.ofLoop = true
	for i, e := range t.events {
		if e.Loop != n {
			continue
		}
		switch last = i; {
		case e.Kind == trace.Sleep:
			l.turn(i, sleeps)
			l.steps++
		case e.Kind == trace.Woke, l.now == absent:
			l.turn(i, working)
		}
	}
	if l.now == sleeps || last == len(t.events)-1 {
		last = len(t.events) // it goes on to the end
	}
	l.turn(last, absent)
}

// task draws the lane of a task, which is due, runs, waits, and ends.
func (t *timeline) task(task uint64) {
	name := "task " + num(task)
	l, why, on := t.track(name), "", uint64(0)
	for i, e := range t.events {
		switch {
		case e.Kind == trace.Spawned && e.About == task:
			l.turn(i, due)
			l.name = list(name, bodyName(t.bodies[task]))
		case e.Kind == trace.Resumed && e.Task == task:
			l.turn(i, runs)
			l.steps++
		case e.Kind == trace.Yielded && e.Task == task:
			why, on = reason(t.facts, e), e.Future
		case e.Kind == trace.Stepped && e.Task == task && l.now == runs:
			if on == 0 || t.doneBefore(on, i) {
				l.turn(i, due)
				break
			}
			l.why = once(l.why, why)
			l.turn(i, waits)
		case e.Kind == trace.Done && e.Future == on && l.now == waits:
			l.turn(i, due)
		case e.Kind == trace.Done && e.Future == t.resultOf[task] && on != e.Future:
			l.turn(i, absent)
			l.end = outcome(&t.events[i])
		}
	}
	l.turn(len(t.events)-1, absent)
}

func (t *timeline) doneBefore(future uint64, i int) bool {
	at, done := t.doneAt[future]
	return done && at < i
}

// track begins a new lane, below the others.
func (t *timeline) track(name string) *track {
	l := &track{t: t, name: name}
	t.tracks = append(t.tracks, l)
	return l
}

// turn ends at event i what went on, and begins what goes on from there. What takes no
// time still gets a column.
func (l *track) turn(i int, to activity) {
	took := l.t.time(i) - l.t.time(l.since)
	switch l.now {
	case runs:
		l.ran += took
	case waits, sleeps:
		l.waited += took
	}
	from := l.t.column(l.since)
	for at := from; at < min(max(l.t.column(i), from+1), columns); at++ {
		l.cells[at] = max(l.cells[at], l.now)
	}
	l.now, l.since = to, i
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
