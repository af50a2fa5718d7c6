package task

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/probe"
)

// What a Task tells while somebody watches its loop.

func (t *Task) events() probe.Events { return t.loop.Site().Events() }

// tellSpawned tells of a Task that was made of body, and has its yields told.
func (t *Task) tellSpawned(body coro.Body) {
	e := t.events()
	if e == nil {
		return
	}
	e.Spawned(t, t.result, body)
	t.coro.OnYield(func(out any) {
		if out != any(whoAmI) { // no wait: it is answered on the spot
			e.Yielded(t, out)
		}
	})
}

func (t *Task) tellResumed(v any, err error) {
	if e := t.events(); e != nil {
		e.Resumed(t, v, err)
	}
}

func (t *Task) tellStepped() {
	if e := t.events(); e != nil {
		e.Stepped(t)
	}
}

func (t *Task) tellCanceled() {
	if e := t.events(); e != nil {
		e.Canceled(t)
	}
}
