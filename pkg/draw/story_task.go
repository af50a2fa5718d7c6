package draw

import (
	"cmp"

	"stepwise/pkg/trace"
)

// What futures and tasks do, as rows of a story. Read story.go first.

func (t *teller) ofFuture(e *trace.Event) {
	what := t.future(e.Future)
	switch e.Kind {
	case trace.Made:
		if t.taskOf[e.Future] == 0 {
			t.note(e, "make "+what)
		}
	case trace.Awaits:
		switch {
		case e.Task != 0 && t.inside[e.Loop] == 0:
			t.note(e, "when "+what+" is done, call "+local(e.Name))
		case e.Callback != 0:
			t.note(e, "when "+what+" is done, call "+cmp.Or(local(e.Name), "a callback"))
		}
	case trace.Done:
		t.done(e, what)
	case trace.Refused:
		t.note(e, e.Name+" is refused: "+what+" is done already")
	}
}

func (t *teller) done(e *trace.Event, what string) {
	if task := t.taskOf[e.Future]; task != 0 && task == e.Task {
		t.unwind(e, 0, outcome(e)) // the body has returned
		t.inside[e.Loop] = 0
	}
	t.note(e, what+" is "+outcome(e))
}

// outcome says in words how a future ended.
func outcome(e *trace.Event) string {
	switch {
	case e.Name == "canceled":
		if e.Err == "canceled" {
			return "canceled"
		}
		return "canceled: " + e.Err
	case e.Err != "":
		return "done, with an error: " + e.Err
	}
	return "done: " + e.Text
}

func (t *teller) ofTask(e *trace.Event) {
	switch e.Kind {
	case trace.Spawned:
		t.note(e, "spawn task "+num(e.About)+": "+bodyName(t.bodies[e.About]))
	case trace.CancelAsked:
		t.add(row{kind: call, from: t.actor(e), to: t.step(e.About), label: "cancel", seq: e.Seq})
	case trace.Resumed:
		t.resumed(e)
	case trace.Yielded:
		t.add(row{kind: back, from: t.actor(e), to: t.step(e.Task), label: t.yielded(e), seq: e.Seq})
		t.inside[e.Loop] = 0
	case trace.Stepped:
		t.inside[e.Loop] = 0
		t.add(row{kind: back, from: t.step(e.Task), to: t.on(e.Loop, loopLane), label: "back to the loop", seq: e.Seq})
	}
}

func (t *teller) resumed(e *trace.Event) {
	if len(t.stacks[e.Task]) == 0 {
		if e.Err != "" {
			t.note(e, "throw "+e.Err+": the body never runs")
			return
		}
		t.push(e.Task, t.bottom(e.Task), nil)
	}
	label := "send " + e.Text
	if e.Err != "" {
		label = "throw " + e.Err
	}
	t.inside[e.Loop] = e.Task
	t.add(row{kind: call, from: t.step(e.Task), to: t.actor(e), label: label, seq: e.Seq})
}

func (t *teller) yielded(e *trace.Event) string {
	switch {
	case e.Future != 0:
		return "yield " + t.future(e.Future)
	case e.Text == "nil":
		return "yield nothing: let others have their turn"
	}
	return "yield " + e.Text
}
