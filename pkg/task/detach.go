package task

import (
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
)

// Detach says that nobody will await the Task, and returns it:
//
//	task.Go(l, heartbeat).Detach()
//
// Its error is then reported by the loop's exception handler as soon as the Task ends.
// Being canceled is no error, and neither is ending with the loop. A second Detach does
// nothing. A task that should end with a block of code belongs in a Group instead, as
// Group.Background.
func (t *Task) Detach() *Task {
	if !t.detached {
		t.detached = true
		t.AddDoneCallback(t.report)
	}
	return t
}

func (t *Task) report() {
	if _, err := t.Result(); future.WithoutCancel(err) != nil {
		t.loop.CallExceptionHandler(loop.Exception{
			Message: "a task failed that nobody awaits",
			Err:     t.loop.Site().Origin(t.result, future.WithoutCancel(err)),
		})
	}
}
