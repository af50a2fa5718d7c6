// Package draw makes pictures of a recording: what loops, their tasks and futures really
// did.
//
// Run a body with Run, and draw what it returns:
//
//	run := draw.Run(func(yield coro.Yield, l *loop.Loop) (any, error) { … })
//	run.Sequence() // who called whom, and where everything slept
//	run.Timeline() // who ran and who waited, a lane per task
//	run.Future(2)  // the states of a future, and who did what with it
//	run.Tree()     // who waits for whom
//
// Bars draws times that you have measured yourself, Amounts what you have counted, and Flame
// what you have counted by the functions that led to it, without a recording.
//
// Each picture is an SVG and a text that says the same. The same recording always gives
// the same bytes. A notebook shows the Picture or the Recording in which a cell ends.
package draw

import (
	"encoding/base64"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// Recording is what a run left behind.
type Recording struct {
	Events []trace.Event // the oldest first
	Lost   uint64        // how many older ones were dropped
	Value  any           // what the body of Run returned
	Err    error         // and its error
}

// Of returns what r has recorded so far, which is nothing if r is nil.
func Of(r *trace.Recorder) *Recording { return &Recording{Events: r.Events(), Lost: r.Lost()} }

// Run runs body as a task, on a loop of its own, and returns what happened, including
// what body returned. It closes the loop, with whatever body left on it, before it
// returns.
func Run(body func(yield coro.Yield, l *loop.Loop) (any, error)) *Recording {
	r := trace.NewRecorder(0)
	l, err := loop.New(loop.Options{Probe: r})
	if err != nil {
		return &Recording{Err: err}
	}
	value, err := task.Run(l, func(yield coro.Yield) (any, error) { return body(yield, l) })
	done := Of(r)
	done.Value, done.Err = value, err
	if closing := l.Close(); err == nil {
		done.Err = closing
	}
	return done
}

// SVG returns that of the Sequence.
func (r *Recording) SVG() string { return r.Sequence().SVG() }

// String returns that of the Sequence.
func (r *Recording) String() string { return r.Sequence().String() }

// SimpleRender is how the notebooks' kernel asks for a value's picture.
func (r *Recording) SimpleRender() map[string]any { return r.Sequence().SimpleRender() }

// remarks returns what each picture of r adds: that its beginning is lost, and the error
// with which the run ended.
func (r *Recording) remarks() (all []string) {
	if r.Lost > 0 {
		all = append(all, count(int(r.Lost), "older event")+" had to make room for these")
	}
	if r.Err != nil {
		all = append(all, "the run ended with an error: "+r.Err.Error())
	}
	return all
}

// Picture is an SVG, what it shows in a sentence or two, and its twin in text.
type Picture struct{ svg, alt, text string }

// SVG returns the picture as a document, which may also be a part of an HTML page. It is
// readable on light and on dark screens, and in print.
func (p *Picture) SVG() string { return p.svg }

// String returns the picture in words.
func (p *Picture) String() string { return p.text }

// SimpleRender is how the notebooks' kernel asks for a value's picture.
func (p *Picture) SimpleRender() map[string]any {
	return map[string]any{"text/html": p.html(), "image/svg+xml": p.svg, "text/plain": p.text}
}

// html is the form that Jupyter prefers. It shows only one form of a value, and JupyterLab
// makes an image without alternative text of an SVG, so a reader who can't see the picture
// would learn neither its title nor what it shows. An image in HTML has both, also in a
// notebook that Jupyter doesn't trust, since nothing in it can run.
func (p *Picture) html() string {
	return fmt.Sprintf(`<style>%s</style>
<img class="stepwise" alt="%s" style="max-width:100%%;height:auto" src="data:image/svg+xml;base64,%s"/>
<details><summary style="display:list-item">This picture in words</summary>
<pre>%s</pre>
</details>
`, unscrolled, escape(p.alt), base64.StdEncoding.EncodeToString([]byte(p.svg)), escape(p.text))
}
