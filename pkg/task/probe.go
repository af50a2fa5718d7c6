package task

import (
	"stepwise/pkg/probe"
)

// What a Task tells the probes that watch its loop.

func (t *Task) events() probe.Events { return t.loop.Site().Events() }

// tellSpawned tells that t was made of body, and arranges that its yields are told.
func (t *Task) tellSpawned(body any) {
	e := t.events()
	if e == nil {
		return
	}
	e.Spawned(t, t.result, body)
	t.coro.OnYield(func(out any) {
		if out != any(whoAmI) { // that is answered on the spot, without a wait
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
		e.CancelAsked(t)
	}
}
