package draw

import (
	"slices"
	"strings"

	"stepwise/pkg/trace"
)

// A story is a recording as a list of calls, yields and returns between those
// who take part in it. The sequence draws it; the walk goes through it.
//
// It leaves out what changes nothing: a callback that runs without doing
// anything, and a select that only looked and brought nothing but such.

type rowKind uint8

const (
	call  rowKind = iota // somebody calls, resumes or runs somebody
	back                 // control, or a value, goes back up
	note                 // somebody does something by himself
	sleep                // select sleeps: everything waits
	fold                 // rows that are left out
)

// row is one line of a story.
type row struct {
	kind     rowKind
	from, to string // lanes, by their keys; equal in a note
	label    string
	after    string // of a sleep: how it ended
	seq      uint64 // of the event that it stands for
}

// lane is somebody who takes part: the selector, the loop, a callback, a task's
// step, a function of its coroutine.
type lane struct {
	key, name string
	task      uint64 // 0 if it is none's
	depth     int    // of a function: how deep in the stack; 0 is the step
}

const (
	selectLane   = "select"
	loopLane     = "loop"
	callbackLane = "callback"
)

// story is what tell makes of a recording.
type story struct {
	rows  []row
	lanes []lane // from left to right
}

// teller goes through the events. Its stacks are those of the tasks'
// coroutines, by the names of the functions.
type teller struct {
	story
	events []trace.Event
	facts
	stacks  map[uint64][]string
	inside  uint64 // the task whose coroutine runs, 0 while its step does
	asleep  int    // where the row of the sleep is that has not ended; -1 if there is none
	several bool   // there is more than one task
}

func tell(events []trace.Event) story {
	t := &teller{events: events, facts: learn(events), stacks: map[uint64][]string{}, asleep: -1}
	t.several = len(t.tasks) > 1
	t.lanes = []lane{{key: selectLane, name: "select"}, {key: loopLane, name: "loop"}}
	for i := range events {
		t.event(i, &events[i])
	}
	t.onlyUsed()
	return t.story
}

func (t *teller) event(i int, e *trace.Event) {
	if t.inside == e.Task && e.Kind != trace.Called {
		t.stack(e, e.Stack)
	}
	switch e.Kind {
	case trace.Sleep, trace.Woke, trace.Ready, trace.Watched, trace.Unwatched, trace.Queued, trace.Began:
		t.ofLoop(i, e)
	case trace.Made, trace.Awaits, trace.Done, trace.Refused:
		t.ofFuture(e)
	case trace.Spawned, trace.Resumed, trace.Yielded, trace.Stepped, trace.CancelAsked:
		t.ofTask(e)
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
		label := "select sleeps: nothing runs, everything waits"
		if e.Took > 0 {
			label += ", for " + lasted(e.Took) + " at most"
		}
		t.asleep = len(t.rows)
		t.add(row{kind: sleep, from: selectLane, to: selectLane, label: label, after: "and never woke", seq: e.Seq})
	case trace.Woke:
		if t.asleep >= 0 {
			t.rows[t.asleep].after = "woke after " + lasted(e.Took) + t.why(i)
			t.asleep = -1
		}
	case trace.Ready:
		if !t.idleReady[e.Seq] {
			t.add(row{kind: call, from: selectLane, to: loopLane, label: fdText(e.FD, e.Name) + " is possible", seq: e.Seq})
		}
	case trace.Watched:
		t.add(row{kind: call, from: t.actor(e), to: selectLane, label: "watch " + fdText(e.FD, e.Name), seq: e.Seq})
	case trace.Unwatched:
		t.add(row{kind: call, from: t.actor(e), to: selectLane, label: "watch no more " + fdText(e.FD, e.Name), seq: e.Seq})
	case trace.Queued:
		t.queued(e)
	case trace.Began:
		t.began(e)
	}
}

// why says what ended a sleep, from the events that follow it at once.
func (t *teller) why(i int) string {
	var what []string
	for _, e := range t.events[i+1:] {
		switch {
		case e.Kind == trace.Ready:
			what = append(what, fdText(e.FD, e.Name))
		case e.Kind == trace.Queued && (e.Text == "timer" || e.Text == "from outside"):
			what = append(what, map[string]string{"timer": "a timer is due", "from outside": "a call from outside"}[e.Text])
		case e.Kind != trace.Queued:
			return orElse(strings.Join(shortList(what), ", "), ": ", ", with nothing to do")
		}
	}
	return orElse(strings.Join(shortList(what), ", "), ": ", ", with nothing to do")
}

func orElse(s, before, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return before + s
}

// shortList keeps the first few of a list, and says how many it leaves out.
func shortList(words []string) []string {
	const most = 4
	if len(words) <= most {
		return words
	}
	return append(slices.Clone(words[:most]), "and "+num(uint64(len(words)-most))+" more")
}

// queued tells of what is called soon. What select, a timer or a thread puts
// into the queue is told where it runs.
func (t *teller) queued(e *trace.Event) {
	if e.Text != "soon" || e.Callback == 0 && t.steps[e.About] != 0 {
		return
	}
	t.add(row{kind: call, from: t.actor(e), to: loopLane, label: "call soon: " + t.callback(e), seq: e.Seq})
}

func (t *teller) began(e *trace.Event) {
	if t.idle[e.About] {
		return
	}
	label := "run " + t.callback(e)
	if e.FD >= 0 {
		label += " for " + fdText(e.FD, e.Text)
	}
	to := callbackLane
	if task := t.steps[e.About]; task != 0 {
		to = t.step(task)
	} else {
		t.lane(lane{key: callbackLane, name: "callback"})
	}
	t.add(row{kind: call, from: loopLane, to: to, label: label, seq: e.Seq})
}

// callback names a callback by its function, and by the task that it steps.
func (t *teller) callback(e *trace.Event) string {
	name := t.callbackName(e.About, e.Name)
	if task := t.steps[e.About]; task != 0 && t.several {
		name += " of task " + num(task)
	}
	return name
}

// actor is who does e.
func (t *teller) actor(e *trace.Event) string {
	switch {
	case e.Task != 0 && t.inside == e.Task:
		stack := t.stacks[e.Task]
		return t.frame(e.Task, len(stack), stack)
	case e.Task != 0:
		return t.step(e.Task)
	case e.Callback != 0 && t.steps[e.Callback] == 0:
		return t.lane(lane{key: callbackLane, name: "callback"})
	}
	return loopLane
}

func (t *teller) note(e *trace.Event, label string) {
	who := t.actor(e)
	t.add(row{kind: note, from: who, to: who, label: label, seq: e.Seq})
}

func (t *teller) add(r row) { t.rows = append(t.rows, r) }
