package draw

import (
	"cmp"
	"slices"
	"strings"

	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// Future shows the states of the future with this number, which of them it went
// through, and who did what with it, in order. Number 0 stands for the first future that
// is not a task's result. Futures lists them with their numbers.
func (r *Recording) Future(number uint64) *Picture {
	f := learn(r.Events)
	if number == 0 {
		number = firstFuture(r.Events, f)
	}
	p := futurePicture{name: f.future(number), state: "pending"}
	for _, row := range deeds(r.Events, f, number) {
		p.rows = append(p.rows, row.who+": "+row.what)
		if row.state != "" {
			p.state, p.how = row.state, row.what
		}
	}
	if len(p.rows) == 0 {
		p.rows, p.state = []string{"the recording says nothing about it"}, "unknown"
	}
	p.rows = append(foldLines(p.rows, mostTasks), r.remarks()...)
	return p.picture()
}

func firstFuture(events []trace.Event, f facts) uint64 {
	for _, e := range events {
		if e.Kind == trace.Made && f.taskOf[e.Future] == 0 {
			return e.Future
		}
	}
	return 0
}

// deed is what was done with a future, and who did it.
type deed struct{ who, what, state string }

// deeds returns all that was done with a future, in order.
func deeds(events []trace.Event, f facts, number uint64) (all []deed) {
	var calls calls
	for i := range events {
		e := &events[i]
		if calls.take(e) {
			all = append(all, deed{who: actor(f, e), what: "call soon: " + local(e.Name)})
		}
		if e.Future != number || number == 0 {
			continue
		}
		d := deed{who: actor(f, e)}
		switch e.Kind {
		case trace.Made:
			d.what = "make it, pending"
		case trace.Named:
			d.what = "it waits for " + fdText(e.FD, e.Name)
		case trace.Awaits:
			calls.add(e)
			d.what = "when it is done, call " + cmp.Or(local(e.Name), "a callback")
		case trace.Yielded:
			d.what = "yield it, and pause"
		case trace.Done:
			calls.start(e)
			d.what, d.state = "it is "+outcome(e), doneState(e)
		case trace.Refused:
			d.what = e.Name + " is refused: it is done already"
		case trace.Spawned:
			d.what = "it is the result of task " + num(e.About)
		default:
			continue
		}
		all = append(all, d)
	}
	return all
}

// calls finds the events by which the callbacks of a future are scheduled. Several may have
// one name, and code of the program may schedule a function of the same name, so a name alone
// doesn't tell: a future schedules them all in one go when it ends, and a late one when it is
// added. Nothing else happens on its loop in between, except calls from outside.
type calls struct {
	waiting []string // the functions to be scheduled when the future ends
	next    []string // those to be scheduled now, in this order
	done    bool
	loop    int // the future's, once it is done
}

func (c *calls) add(e *trace.Event) {
	if c.done {
		c.next = []string{e.Name}
		return
	}
	c.waiting = append(c.waiting, e.Name)
}

func (c *calls) start(e *trace.Event) {
	c.done, c.loop, c.next = true, e.Loop, c.waiting
}

// take reports whether e schedules a callback of the future. A callback that was removed
// before is never scheduled, and no event says so: c passes over it.
func (c *calls) take(e *trace.Event) bool {
	if len(c.next) == 0 || e.Loop != c.loop || e.Kind == trace.Queued && e.Text == string(probe.Outside) {
		return false
	}
	at := slices.Index(c.next, e.Name)
	if e.Kind != trace.Queued || at < 0 {
		c.next = nil
		return false
	}
	c.next = c.next[at+1:]
	return true
}

func doneState(e *trace.Event) string {
	if e.Name == "canceled" {
		return "canceled"
	}
	return "finished"
}

// actor says in words who does e.
func actor(f facts, e *trace.Event) string {
	switch {
	case e.Task != 0 && len(e.Stack) > 0:
		return e.Stack[len(e.Stack)-1] + " of task " + num(e.Task)
	case e.Task != 0:
		return "task " + num(e.Task)
	case e.Callback != 0:
		name := f.callbackName(e.Callback, f.callbacks[e.Callback])
		if strings.HasPrefix(name, "a ") {
			return "a callback"
		}
		return "callback " + name
	}
	return "the program"
}

type futurePicture struct {
	name, state, how string
	rows             []string
}

// picture draws the three states. The transition that was taken is thick; words repeat
// which state is the present one.
func (p *futurePicture) picture() *Picture {
	const wide, left, right = 130, margin + 60, margin + 420
	title := "The states of " + p.name
	c, y := newCanvas(title)
	y += 20
	p.box(c, "pending", left, y+28, wide)
	p.box(c, "finished", right, y, wide)
	p.box(c, "canceled", right, y+56, wide)
	for _, way := range []struct {
		to, label string
		y         int
	}{{"finished", "SetResult, SetError", y + 15}, {"canceled", "Cancel", y + 71}} {
		class := "way"
		if p.state == way.to {
			class = "taken"
		}
		c.line(class, left+wide, y+43, left+wide+60, way.y)
		c.arrow(class, left+wide+60, right-2, way.y)
		c.text(left+wide+75, way.y-6, start, "over", way.label)
	}
	c.points(y+86+14, p.rows)
	way := map[string]string{
		"finished": "pending -> [finished]     (not taken: canceled)",
		"canceled": "pending -> [canceled]     (not taken: finished)",
		"pending":  "[pending]     (not taken: finished, canceled)",
		"unknown":  "unknown",
	}[p.state]
	return c.picture(title, "It is "+p.state, clean(title)+"\n"+way+"\n"+lines(p.rows))
}

func (p *futurePicture) box(c *canvas, name string, x, y, wide int) {
	class, text := "box", ""
	if p.state == name {
		class, text = "here", "strong"
		c.text(x+wide+14, y+20, start, "strong", "< now")
	}
	c.rect(class, x, y, wide, 30)
	c.text(x+wide/2, y+20, middle, text, name)
}

func lines(rows []string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("  " + clean(row) + "\n")
	}
	return b.String()
}

// foldLines keeps the first and the last of too many lines, and says how many are gone.
func foldLines(rows []string, most int) []string {
	if len(rows) <= most {
		return rows
	}
	head := most / 2
	tail := most - head - 1
	return slices.Concat(rows[:head], []string{"..... " + foldedHere(len(rows)-head-tail, "line")}, rows[len(rows)-tail:])
}

// Futures lists all futures of the recording: what each waits for, who made it,
// and how it ended.
func (r *Recording) Futures() *Picture {
	f := learn(r.Events)
	made, ends, seen, order := map[uint64]string{}, map[uint64]string{}, map[uint64]bool{}, []uint64{}
	for i := range r.Events {
		e := &r.Events[i]
		if e.Future != 0 && !seen[e.Future] {
			seen[e.Future] = true
			order = append(order, e.Future)
		}
		switch e.Kind {
		case trace.Made:
			made[e.Future] = "made by " + actor(f, e)
		case trace.Done:
			ends[e.Future] = outcome(e) + ", by " + actor(f, e)
		}
	}
	var rows []string
	for _, n := range order {
		name := f.future(n)
		if f.taskOf[n] != 0 {
			name = "future " + num(n) + ", the result of " + name
		}
		rows = append(rows, name+": "+list(made[n], cmp.Or(ends[n], "pending")))
	}
	return listPicture("Futures", append(foldLines(rows, mostTasks), r.remarks()...))
}

// listPicture is a title above a list.
func listPicture(title string, rows []string) *Picture {
	if len(rows) == 0 {
		rows = []string{"none"}
	}
	c, y := newCanvas(title)
	c.points(y, rows)
	return c.picture(title, count(len(rows), "line"), title+"\n"+lines(rows))
}
