package player

// walk.go: what a cell's loops did, event by event. Read player.go first.

import (
	"fmt"
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
	for w.Len() > 0 {
		fmt.Fprintln(p.Out, w.Forward())
		if w.AtEnd() {
			return
		}
		fmt.Fprint(p.Out, p.faint("Enter shows the next step, s skips the rest: "))
		line, err := p.keys.line(nil)
		if err != nil || strings.TrimSpace(line) != "" {
			return
		}
	}
}
