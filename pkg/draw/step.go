package draw

import (
	"cmp"
	"maps"
	"slices"

	"stepwise/pkg/trace"
)

// Walk goes through a recording forward and back, one row of its Sequence at a time. It
// shows the state at that moment: the ready queue, what select watches, the tasks, the
// futures.
type Walk struct {
	r  *Recording
	s  story // not folded
	at int   // the row that is shown; -1 before the first Forward
}

// Step begins a walk through r. In a notebook, one cell begins it, and each run of a
// second cell goes one step on:
//
//	walk := draw.Step(run)
//
//	walk.Forward()
func Step(r *Recording) *Walk {
	return &Walk{r: r, s: tell(r.Events).fitLanes(), at: -1}
}

// Len returns how many steps there are.
func (w *Walk) Len() int { return len(w.s.rows) }

// AtEnd reports whether the last step is shown.
func (w *Walk) AtEnd() bool { return w.at == len(w.s.rows)-1 }

// Forward shows the next step; at the last one it stays.
func (w *Walk) Forward() *Picture { return w.To(w.at + 2) }

// Back shows the step before; at the first one it stays.
func (w *Walk) Back() *Picture { return w.To(w.at) }

// To shows step n, counted from 1; a number out of range is the first or the last step.
func (w *Walk) To(n int) *Picture {
	w.at = max(0, min(n, len(w.s.rows))-1)
	return w.picture()
}

// Until shows the next step whose event fits, such as the next sleep:
//
//	walk.Until(func(e trace.Event) bool { return e.Kind == trace.Sleep })
//
// If there is none, it shows the last step.
func (w *Walk) Until(fits func(trace.Event) bool) *Picture {
	for n := w.at + 1; n < len(w.s.rows); n++ {
		at, found := slices.BinarySearchFunc(w.r.Events, w.s.rows[n].seq, func(e trace.Event, seq uint64) int { return cmp.Compare(e.Seq, seq) })
		if found && fits(w.r.Events[at]) {
			return w.To(n + 1)
		}
	}
	return w.To(len(w.s.rows))
}

// picture shows the step below the ones before it.
func (w *Walk) picture() *Picture {
	const before = 11
	if len(w.s.rows) == 0 {
		return listPicture("Step 0 of 0", nil)
	}
	first := max(0, w.at-before)
	p := sequence{current: w.at - first, title: "Step " + num(uint64(w.at+1)) + " of " + num(uint64(len(w.s.rows)))}
	p.lanes, p.rows = w.s.lanes, slices.Clone(w.s.rows[first:w.at+1])
	p.below = append(w.moment(), w.r.remarks()...)
	return p.picture()
}

// moment says in lines what the state is before the next step.
func (w *Walk) moment() []string {
	end := len(w.r.Events)
	if w.at+1 < len(w.s.rows) {
		next := w.s.rows[w.at+1].seq
		end = max(0, slices.IndexFunc(w.r.Events, func(e trace.Event) bool { return e.Seq >= next }))
	}
	m := moment{facts: learn(w.r.Events), queue: map[int][]string{}, watched: map[int]map[int][]string{}, is: map[uint64]string{}, awaits: map[uint64]uint64{}}
	for _, n := range m.loops {
		m.watched[n] = map[int][]string{}
	}
	for i := range w.r.Events[:end] {
		m.event(&w.r.Events[i])
	}
	return m.lines()
}

// moment is the state of the loops and their tasks at one event.
type moment struct {
	facts
	queue   map[int][]string         // by loop: in its order
	watched map[int]map[int][]string // by loop, and by descriptor
	known   []uint64                 // tasks, in the order in which they were made
	is      map[uint64]string        // by task: its state in words
	awaits  map[uint64]uint64        // by task: the future that it waits for, or 0
	pending []uint64                 // futures
}

func (m *moment) event(e *trace.Event) {
	switch e.Kind {
	case trace.Queued:
		m.queue[e.Loop] = append(m.queue[e.Loop], cmp.Or(local(e.Name), "a callback"))
	case trace.Began:
		m.queue[e.Loop] = m.queue[e.Loop][min(1, len(m.queue[e.Loop])):]
	case trace.Watched:
		m.watched[e.Loop][e.FD] = append(m.watched[e.Loop][e.FD], e.Name)
	case trace.Unwatched:
		m.watched[e.Loop][e.FD] = slices.DeleteFunc(m.watched[e.Loop][e.FD], func(what string) bool { return what == e.Name })
	case trace.Made:
		m.pending = append(m.pending, e.Future)
	case trace.Spawned:
		m.set(e.About, "will begin", 0)
	case trace.Resumed:
		m.set(e.Task, "runs", 0)
	case trace.Yielded:
		m.set(e.Task, "waits for "+cmp.Or(reason(m.facts, *e), "its next turn"), e.Future)
	case trace.Done:
		m.done(e)
	}
}

func (m *moment) done(e *trace.Event) {
	m.pending = slices.DeleteFunc(m.pending, func(n uint64) bool { return n == e.Future })
	for task, future := range m.awaits {
		if future == e.Future && future != 0 {
			m.set(task, "will be stepped", 0)
		}
	}
	if task := m.taskOf[e.Future]; task != 0 {
		m.set(task, outcome(e), 0)
	}
}

func (m *moment) set(task uint64, is string, on uint64) {
	if m.is[task] == "" {
		m.known = append(m.known, task)
	}
	m.is[task], m.awaits[task] = is, on
}

func (m *moment) lines() []string {
	var loops, futures, tasks []string
	for _, n := range m.loops {
		of := ""
		if len(m.loops) > 1 {
			of = " of loop " + num(uint64(max(0, n)))
		}
		loops = append(loops,
			"ready queue"+of+": "+cmp.Or(shortList(m.queue[n]), "empty"),
			m.on(n, "select")+" watches: "+cmp.Or(shortList(m.watches(n)), "nothing"))
	}
	for _, n := range m.pending {
		if m.taskOf[n] == 0 {
			futures = append(futures, m.future(n))
		}
	}
	for _, task := range m.known {
		tasks = append(tasks, "task "+num(task)+": "+m.is[task])
	}
	loops = append(loops, "futures pending: "+cmp.Or(shortList(futures), "none"))
	return append(loops, foldLines(tasks, 12)...)
}

// watches returns what select waits for, in order of the descriptors.
func (m *moment) watches(loop int) (all []string) {
	for _, fd := range slices.Sorted(maps.Keys(m.watched[loop])) {
		for _, what := range m.watched[loop][fd] {
			all = append(all, fdText(fd, what))
		}
	}
	return all
}
