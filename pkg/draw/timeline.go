package draw

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stepwise/pkg/trace"
)

// Timeline shows a lane per task over the time of the recording: where it runs,
// where it waits and for what, and where what it waited for is there and its
// turn has not come; and above them all the loop's sleeps. A task that is
// stopped by a blocking call is seen to run, and nobody else does meanwhile.
func (r *Recording) Timeline() *Picture { return newTimeline(r, false).picture() }

// TimelineInOrder is Timeline with all events equally far apart: it shows the
// order alone, and so is the same in each run of a program that does the same.
func (r *Recording) TimelineInOrder() *Picture { return newTimeline(r, true).picture() }

// span is a stretch of a lane.
type span struct {
	from, to int // columns, to excluded
	what     activity
	why      string // of a wait: what for
}

type activity uint8

const (
	absent activity = iota
	sleeps
	waits
	due
	runs // the last one is what is seen where several meet in a column
)

// letters are the activities in the text twin.
var letters = map[activity]string{absent: " ", sleeps: "=", waits: "-", due: "+", runs: "#"}

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
	sums    map[string]*sum // by lane
	spans   map[string][]span
	lanes   []string // their keys: the loops', then the tasks'
	names   map[string]string
	left    int // tasks that have no lane

	loopLanes []string // of lanes
	below     []string
}

// sum is what a lane's line of words adds up.
type sum struct {
	ran, waited time.Duration
	steps       int
	why         []string // what was waited for, in order, each once
	end         string
}

func newTimeline(r *Recording, inOrder bool) *timeline {
	t := &timeline{facts: learn(r.Events), inOrder: inOrder, events: r.Events, below: r.remarks(),
		sums: map[string]*sum{}, spans: map[string][]span{}, names: map[string]string{}}
	t.scale()
	for _, n := range t.loops {
		t.loopLanes = append(t.loopLanes, t.on(n, "loop"))
		t.lane(t.on(n, "loop"), t.on(n, "loop"))
	}
	if len(t.loops) == 0 {
		t.lane("loop", "loop")
	}
	t.left = max(0, len(t.tasks)-mostTasks)
	for _, task := range t.tasks[:len(t.tasks)-t.left] {
		t.lane("task "+num(task), "task "+num(task))
	}
	for _, n := range t.loops {
		t.sleeps(n)
	}
	for _, task := range t.tasks[:len(t.tasks)-t.left] {
		t.task(task)
	}
	return t
}

func (t *timeline) lane(key, name string) {
	t.lanes = append(t.lanes, key)
	t.names[key], t.sums[key] = name, &sum{}
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

func (t *timeline) sleeps(loop int) {
	key := t.on(loop, "loop")
	sum := t.sums[key]
	for i, e := range t.events {
		if e.Kind == trace.Sleep && e.Loop == loop {
			end := t.next(i, func(e trace.Event) bool { return e.Kind == trace.Woke && e.Loop == loop })
			t.add(key, span{t.at[i], t.column(end), sleeps, ""})
			sum.waited += t.time(end) - e.At
			sum.steps++
		}
	}
	sum.ran = t.lasts - sum.waited
}

// next is the first event behind i that is ok; len(events) if none is.
func (t *timeline) next(i int, ok func(trace.Event) bool) int {
	if n := slices.IndexFunc(t.events[i+1:], ok); n >= 0 {
		return i + 1 + n
	}
	return len(t.events)
}

// column and time are those of event i, or of the end.
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

// task goes through one task's events: it is due, it runs, it waits, it ends.
func (t *timeline) task(task uint64) {
	key := "task " + num(task)
	sum := t.sums[key]
	now, since, why, on := absent, 0, "", uint64(0)
	change := func(i int, to activity, reason string) {
		t.add(key, span{t.at[since], t.at[i], now, why})
		switch now {
		case runs:
			sum.ran += t.events[i].At - t.events[since].At
		case waits:
			sum.waited += t.events[i].At - t.events[since].At
		}
		now, since, why = to, i, reason
	}
	for i, e := range t.events {
		switch {
		case e.Kind == trace.Spawned && e.About == task:
			change(i, due, "")
			t.names[key] = list(key, bodyName(t.bodies[task]))
		case e.Kind == trace.Resumed && e.Task == task:
			sum.steps++
			change(i, runs, "")
		case e.Kind == trace.Yielded && e.Task == task:
			on = e.Future
			why = reason(t.facts, e)
		case e.Kind == trace.Stepped && e.Task == task && now == runs:
			if on != 0 && !t.doneBefore(on, i) {
				sum.note(why)
				change(i, waits, why)
			} else if now != absent {
				change(i, due, "")
			}
		case e.Kind == trace.Done && e.Future == on && now == waits:
			change(i, due, "")
		case e.Kind == trace.Done && e.Future == t.resultOf[task] && on != e.Future:
			change(i, absent, "")
			sum.end = outcome(&t.events[i])
		}
	}
	if len(t.events) > 0 && now != absent {
		change(len(t.events)-1, absent, "")
	}
}

func (t *timeline) doneBefore(future uint64, i int) bool {
	at, done := t.doneAt[future]
	return done && at < i
}

func reason(f facts, e trace.Event) string {
	if e.Future == 0 {
		return ""
	}
	return f.waitsFor(e.Future)
}

func (s *sum) note(why string) {
	if why != "" && !slices.Contains(s.why, why) {
		s.why = append(s.why, why)
	}
}

// add puts a span into its lane; what begins and ends in one column fills it.
func (t *timeline) add(key string, s span) {
	if s.what == absent || s.from >= columns {
		return
	}
	s.to = max(s.to, s.from+1)
	t.spans[key] = append(t.spans[key], s)
}

// cells is a lane's activity in each column.
func (t *timeline) cells(key string) (cells [columns]activity) {
	for _, s := range t.spans[key] {
		for i := s.from; i < min(s.to, columns); i++ {
			cells[i] = max(cells[i], s.what)
		}
	}
	return cells
}

func (t *timeline) isLoop(key string) bool { return slices.Contains(t.loopLanes, key) || key == "loop" }

// words is a lane's line of words.
func (t *timeline) words(key string) string {
	s := t.sums[key]
	if t.isLoop(key) {
		slept := "never slept"
		if s.steps > 0 {
			slept = "slept " + times(s.steps) + t.lasted(s.waited)
		}
		return parts(slept, t.prefix("awake", s.ran))
	}
	waited := ""
	if len(s.why) > 0 {
		waited = "waited" + t.lasted(s.waited) + " for " + strings.Join(shortList(s.why), ", ")
	}
	return parts("ran "+times(s.steps)+t.lasted(s.ran), waited, s.end)
}

// lasted is a duration, where the time is shown and not the order.
func (t *timeline) lasted(d time.Duration) string {
	if t.inOrder {
		return ""
	}
	return " " + lasted(d)
}

func (t *timeline) prefix(what string, d time.Duration) string {
	if t.inOrder {
		return ""
	}
	return what + t.lasted(d)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}
