package player

// walk.go: what a cell's loops did, event by event. Read player.go first.

import (
	"fmt"
	"strconv"
	"strings"

	"stepwise/pkg/draw"
	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// watcher knows what the loops of a lesson have done since it was last asked. A loop
// may be made in one cell and run in another, so there is one recorder for all.
type watcher struct {
	recorder *trace.Recorder
	seen     uint64 // the last event that was shown
}

// watch records all loops that cells make, until stop.
func watch() (w *watcher, stop func()) {
	w = &watcher{recorder: trace.NewRecorder(0)}
	return w, probe.Everywhere(w.recorder)
}

// since returns what has happened since it was last called.
func (w *watcher) since() *draw.Recording {
	r := draw.Of(w.recorder)
	for len(r.Events) > 0 && r.Events[0].Seq <= w.seen {
		r.Events = r.Events[1:]
	}
	if n := len(r.Events); n > 0 {
		w.seen = r.Events[n-1].Seq
	}
	return r
}

// walk shows what a cell's loops did: step by step if it can ask the reader for the
// next step, and otherwise as one picture.
func (p *Player) walk(r *draw.Recording) {
	if len(r.Events) == 0 {
		return
	}
	if !p.asks {
		fmt.Fprintln(p.Out, r.Sequence())
		return
	}
	w := draw.Step(r)
	fmt.Fprintln(p.Out, w.Forward())
	for !w.AtEnd() {
		fmt.Fprint(p.Out, p.faint("Enter shows the next step; s: next sleep, y: next yield, 3: next step of task 3, e: end, q: on with the lesson: "))
		line, err := p.keys.line(nil)
		key := strings.TrimSpace(line)
		switch fits, known := jump(key); {
		case err != nil || key == "q":
			return
		case key == "":
			fmt.Fprintln(p.Out, w.Forward())
		case known:
			fmt.Fprintln(p.Out, w.Until(fits))
		}
	}
}

// jump is where a key leads to, if it is one: to the next event that fits.
func jump(key string) (fits func(trace.Event) bool, known bool) {
	switch key {
	case "s":
		return func(e trace.Event) bool { return e.Kind == trace.Sleep }, true
	case "y":
		return func(e trace.Event) bool { return e.Kind == trace.Yielded }, true
	case "e":
		return func(trace.Event) bool { return false }, true
	}
	task, err := strconv.ParseUint(key, 10, 64)
	return func(e trace.Event) bool { return e.Kind == trace.Resumed && e.Task == task }, err == nil
}
