package task

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/trace"
)

// Mark is the Task's identity in its loop's recording; nil if there is none.
// Any goroutine may call it.
func (t *Task) Mark() *trace.Mark {
	if t == nil {
		return nil
	}
	return t.result.Mark()
}

// record has the Task, whose body it is, say what it does.
func (t *Task) record(body coro.Body) {
	if m := t.Mark(); m != nil {
		m.Spawned(body)
		t.coro.OnYield(func(out any) {
			if out != any(whoAmI) { // no wait: it is answered on the spot
				m.Yielded(out)
			}
		})
	}
}
