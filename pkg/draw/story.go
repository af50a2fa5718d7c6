package draw

import (
	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// A story is a recording as a list of calls, yields and returns between lanes. The
// sequence draws it; the walk goes through it.
//
// It leaves out what changes nothing: a callback that does nothing, and a select that
// only looked and caused nothing but such callbacks.

type rowKind uint8

const (
	call  rowKind = iota // one lane calls, resumes or runs another
	back                 // control, or a value, goes back up
	note                 // a lane does something by itself
	sleep                // select sleeps: everything waits
	fold                 // rows that are left out
)

// row is one line of a story.
type row struct {
	kind     rowKind
	from, to string // lanes, by their keys; equal in a note
	label    string
	after    string // of a sleep: how it ended
	seq      uint64 // of the event that it shows
}

// lane is a participant: the selector, the loop, the callbacks, a task's step, a function
// of its coroutine.
type lane struct {
	key, name string
	loop      int
	floor     bool   // it is select or the loop, which come first
	task      uint64 // 0 if it belongs to no task
	depth     int    // of a function: how deep in the stack; 0 is the step
}

const (
	asleep       = "sleeps" // how the note of a sleep begins, if there are several loops
	selectLane   = "select"
	loopLane     = "loop"
	callbackLane = "callback"
)

// story is what tell makes of a recording.
type story struct {
	rows  []row
	lanes []lane // from left to right
}

// teller goes through the events and builds the story.
type teller struct {
	story
	events []trace.Event
	facts
	stacks  map[uint64][]string // by task: the functions of its coroutine
	inside  map[int]uint64      // by loop: the task whose coroutine runs, 0 while its step does
	asleep  map[int]int         // by loop, while it sleeps: the row that says so
	several bool                // there is more than one task
}

func tell(events []trace.Event) story {
	t := &teller{events: events, facts: learn(events), stacks: map[uint64][]string{}, inside: map[int]uint64{}, asleep: map[int]int{}}
	t.several = len(t.tasks) > 1
	for _, n := range t.loops {
		t.lanes = append(t.lanes, lane{key: t.on(n, selectLane), name: t.on(n, "select"), loop: n, floor: true}, lane{key: t.on(n, loopLane), name: t.on(n, "loop"), loop: n, floor: true})
	}
	if len(t.lanes) == 0 {
		t.lanes = []lane{{key: loopLane, name: "loop", floor: true}}
	}
	for i := range events {
		t.event(i, &events[i])
	}
	t.onlyUsed()
	return t.story
}

func (t *teller) event(i int, e *trace.Event) {
	if t.inside[e.Loop] == e.Task && e.Kind != trace.Called {
		t.stack(e, e.Stack)
	}
	t.ofLoop(i, e)
	t.ofFuture(e)
	t.ofTask(e)
	switch e.Kind {
	case trace.Called:
		t.stack(e, e.Stack)
	case trace.Left:
		t.left(e)
	case trace.System:
		t.note(e, systemCall(e))
	case trace.Note:
		t.note(e, e.Text)
	}
}

func (t *teller) ofLoop(i int, e *trace.Event) {
	switch e.Kind {
	case trace.Sleep:
		t.sleeps(e)
	case trace.Woke:
		t.woke(e, i)
	case trace.Ready:
		if !t.idleReady[e.Seq] {
			t.add(row{kind: call, from: t.on(e.Loop, selectLane), to: t.on(e.Loop, loopLane), label: fdText(e.FD, e.Name) + " is possible", seq: e.Seq})
		}
	case trace.Watched:
		t.add(row{kind: call, from: t.actor(e), to: t.on(e.Loop, selectLane), label: "watch " + fdText(e.FD, e.Name), seq: e.Seq})
	case trace.Unwatched:
		t.add(row{kind: call, from: t.actor(e), to: t.on(e.Loop, selectLane), label: "stop watching " + fdText(e.FD, e.Name), seq: e.Seq})
	case trace.Queued:
		t.queued(e)
	case trace.Began:
		t.began(e)
	}
}

// sleeps tells that select waits. If there are several loops, the others may be awake.
func (t *teller) sleeps(e *trace.Event) {
	limit := ""
	if e.Took > 0 {
		limit = ", for " + lasted(e.Took) + " at most"
	}
	lane := t.on(e.Loop, selectLane)
	t.asleep[e.Loop] = len(t.rows)
	if len(t.loops) > 1 {
		t.add(row{kind: note, from: lane, to: lane, label: asleep + limit, seq: e.Seq})
		return
	}
	t.add(row{kind: sleep, from: lane, to: lane, label: "select sleeps: nothing runs, everything waits" + limit, after: "and never woke", seq: e.Seq})
}

// woke tells what ended a sleep. A select that only looked didn't sleep.
func (t *teller) woke(e *trace.Event, i int) {
	at, slept := t.asleep[e.Loop]
	if !slept {
		return
	}
	delete(t.asleep, e.Loop)
	text := "woke after " + lasted(e.Took) + t.why(i)
	if len(t.loops) > 1 {
		lane := t.on(e.Loop, selectLane)
		t.add(row{kind: note, from: lane, to: lane, label: text, seq: e.Seq})
		return
	}
	t.rows[at].after = text
}

// why says what ended a sleep, from the events of the loop that follow immediately.
func (t *teller) why(i int) string {
	var what []string
following:
	for _, e := range t.events[i+1:] {
		switch {
		case e.Loop != t.events[i].Loop:
		case e.Kind == trace.Ready:
			what = append(what, fdText(e.FD, e.Name))
		case e.Kind == trace.Queued && e.Text == string(probe.Timer):
			what = append(what, causes[e.Text]+" is due")
		case e.Kind == trace.Queued && causes[e.Text] != "":
			what = append(what, causes[e.Text])
		case e.Kind != trace.Queued:
			break following
		}
	}
	return orElse(shortList(what), ": ", ", with nothing to do")
}

// queued tells what CallSoon queues. The reason of any other callback is told when it
// runs.
func (t *teller) queued(e *trace.Event) {
	if e.Text != string(probe.Soon) || e.Callback == 0 && t.steps[e.About] != 0 {
		return
	}
	t.add(row{kind: call, from: t.actor(e), to: t.on(e.Loop, loopLane), label: "call soon: " + t.callback(e), seq: e.Seq})
}

func (t *teller) began(e *trace.Event) {
	if t.idle[e.About] {
		return
	}
	label := "run " + t.callback(e)
	if e.FD >= 0 {
		label += " for " + fdText(e.FD, e.Text)
	}
	to := ""
	if task := t.steps[e.About]; task != 0 {
		to = t.step(task)
	} else {
		to = t.callbacks(e.Loop)
	}
	t.add(row{kind: call, from: t.on(e.Loop, loopLane), to: to, label: label, seq: e.Seq})
}

// callback names a callback by its function, and by the task that it steps, if any.
func (t *teller) callback(e *trace.Event) string {
	name := t.callbackName(e.About, e.Name)
	if task := t.steps[e.About]; task != 0 && t.several {
		name += " of task " + num(task)
	}
	return name
}

// actor returns the lane that does e.
func (t *teller) actor(e *trace.Event) string {
	switch {
	case e.Task != 0 && t.inside[e.Loop] == e.Task:
		stack := t.stacks[e.Task]
		return t.frame(e.Task, len(stack), stack)
	case e.Task != 0:
		return t.step(e.Task)
	case e.Callback != 0 && t.steps[e.Callback] == 0:
		return t.callbacks(e.Loop)
	}
	return t.on(e.Loop, loopLane)
}

// callbacks returns the lane of a loop's callbacks that step no task.
func (t *teller) callbacks(loop int) string {
	return t.lane(lane{key: t.on(loop, callbackLane), name: t.on(loop, "callback"), loop: loop})
}

func (t *teller) note(e *trace.Event, label string) {
	who := t.actor(e)
	t.add(row{kind: note, from: who, to: who, label: label, seq: e.Seq})
}

func (t *teller) add(r row) { t.rows = append(t.rows, r) }
