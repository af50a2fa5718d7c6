package draw

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"stepwise/pkg/trace"
)

// Chrome is the recording in the Trace Event Format of Chrome's tracing, which
// ui.perfetto.dev and chrome://tracing open: a track for each loop with its
// callbacks and sleeps, one for each task with its steps and waits, and each
// future from when it is made until it is done. Times are in microseconds.
func (r *Recording) Chrome() []byte {
	c := chrome{facts: learn(r.Events), open: map[uint64]*chromeEvent{}}
	c.meta("process_name", 0, "stepwise")
	for _, n := range c.loops {
		c.meta("thread_name", c.loopTrack(n), c.on(n, "loop"))
	}
	for _, task := range c.tasks {
		name := "task " + num(task) + ", " + bodyName(c.bodies[task])
		if len(c.loops) > 1 {
			name += " (" + c.on(c.loopOf[task], "loop") + ")"
		}
		c.meta("thread_name", c.taskTrack(task), name)
	}
	for i := range r.Events {
		c.event(&r.Events[i])
	}
	c.finish(r.Events)
	data, err := json.MarshalIndent(map[string]any{"traceEvents": c.events, "displayTimeUnit": "ms"}, "", " ")
	if err != nil {
		panic("draw: a trace of texts and numbers is not JSON: " + err.Error())
	}
	return append(data, '\n')
}

// chromeEvent has the fields of the format, which the document "Trace Event Format" of
// Chrome's tracing describes. Ph is X for a complete event, i for an instant, M for
// metadata, b and e for the beginning and the end of what doesn't nest.
type chromeEvent struct {
	Name string         `json:"name"`
	Cat  string         `json:"cat,omitempty"`
	Ph   string         `json:"ph"`
	TS   float64        `json:"ts"`
	Dur  *float64       `json:"dur,omitempty"`
	PID  int            `json:"pid"`
	TID  uint64         `json:"tid"`
	ID   string         `json:"id,omitempty"`
	S    string         `json:"s,omitempty"`
	Args map[string]any `json:"args,omitempty"`

	began time.Duration // of a complete event
}

type chrome struct {
	facts
	events  []*chromeEvent
	open    map[uint64]*chromeEvent // by track: the callback or sleep, the step or wait that has not ended
	pending []*trace.Event          // the Made of each pending future
}

// The loops' tracks are numbered from 0, those of the tasks follow.
func (c *chrome) loopTrack(loop int) uint64 {
	at, _ := slices.BinarySearch(c.loops, loop)
	return uint64(at)
}

func (c *chrome) taskTrack(task uint64) uint64 { return uint64(max(1, len(c.loops))-1) + task }

// track returns that of e: of its task, otherwise of its loop.
func (c *chrome) track(e *trace.Event) uint64 {
	if e.Task != 0 {
		return c.taskTrack(e.Task)
	}
	return c.loopTrack(e.Loop)
}

func (c *chrome) meta(what string, tid uint64, name string) {
	c.events = append(c.events, &chromeEvent{Name: what, Ph: "M", PID: 1, TID: tid, Args: map[string]any{"name": name}})
}

func micros(d time.Duration) float64 { return float64(d) / 1e3 }

// begin adds a complete event, which ends the one before it on its track.
func (c *chrome) begin(e *trace.Event, tid uint64, cat, name string, args map[string]any) {
	c.close(tid, e.At)
	c.open[tid] = &chromeEvent{Name: name, Cat: cat, Ph: "X", TS: micros(e.At), PID: 1, TID: tid, Args: args, began: e.At}
	c.events = append(c.events, c.open[tid])
}

// close ends the complete event that is open on a track, and returns it; nil if none is.
func (c *chrome) close(tid uint64, at time.Duration) *chromeEvent {
	x := c.open[tid]
	if x != nil {
		dur := micros(at - x.began)
		x.Dur = &dur
		delete(c.open, tid)
	}
	return x
}

func (c *chrome) instant(e *trace.Event, cat, name string) {
	c.events = append(c.events, &chromeEvent{Name: name, Cat: cat, Ph: "i", TS: micros(e.At), PID: 1, TID: c.track(e), S: "t"})
}

func (c *chrome) async(e *trace.Event, ph, name string, args map[string]any) {
	c.events = append(c.events, &chromeEvent{Name: name, Cat: "future", Ph: ph, TS: micros(e.At), PID: 1, TID: c.loopTrack(e.Loop), ID: num(e.Future), Args: args})
}

func (c *chrome) event(e *trace.Event) {
	switch e.Kind {
	case trace.Sleep:
		c.begin(e, c.loopTrack(e.Loop), "select", "select sleeps", nil)
	case trace.Began:
		c.begin(e, c.loopTrack(e.Loop), "callback", c.callbackName(e.About, e.Name), nil)
	case trace.Woke, trace.Returned:
		c.close(c.loopTrack(e.Loop), e.At)
	case trace.Resumed:
		c.begin(e, c.taskTrack(e.Task), "task", "step", map[string]any{"sent": e.Text, "thrown": e.Err})
	case trace.Stepped:
		c.stepped(e)
	case trace.Yielded: // the wait that follows the step is named after it
		if step := c.open[c.taskTrack(e.Task)]; step != nil && step.Cat == "task" {
			step.Args["yielded"] = cmp.Or(reason(c.facts, *e), "nothing")
		}
	case trace.Made:
		c.pending = append(c.pending, e)
		c.async(e, "b", c.future(e.Future), nil)
	case trace.Done:
		c.done(e)
	case trace.System:
		c.instant(e, "system", systemCall(e))
	case trace.Note:
		c.instant(e, "note", e.Text)
	case trace.Called:
		c.instant(e, "function", "call "+e.Name)
	case trace.Left:
		c.instant(e, "function", "leave "+e.Name)
	}
}

func (c *chrome) stepped(e *trace.Event) {
	track := c.taskTrack(e.Task)
	if step := c.close(track, e.At); step != nil && step.Args["yielded"] != nil {
		c.begin(e, track, "wait", "waits for "+step.Args["yielded"].(string), nil)
	}
}

func (c *chrome) done(e *trace.Event) {
	at := slices.IndexFunc(c.pending, func(made *trace.Event) bool { return made.Future == e.Future })
	if at < 0 {
		return
	}
	c.pending = slices.Delete(c.pending, at, at+1)
	c.async(e, "e", c.future(e.Future), map[string]any{"state": outcome(e)})
}

// finish ends, at the recording's last moment, what is still open then.
func (c *chrome) finish(events []trace.Event) {
	if len(events) == 0 {
		return
	}
	last := events[len(events)-1].At
	for tid := range c.open {
		c.close(tid, last)
	}
	for _, made := range c.pending {
		c.async(&trace.Event{At: last, Loop: made.Loop, Future: made.Future}, "e", c.future(made.Future), map[string]any{"state": "pending"})
	}
}
