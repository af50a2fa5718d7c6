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
		if !isQuestion(out) {
			e.Yielded(t, out)
		}
	})
}

// isQuestion reports whether out is answered on the spot, without a wait.
func isQuestion(out any) bool {
	_, call := out.(onLoop)
	return call || out == any(whoAmI)
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
