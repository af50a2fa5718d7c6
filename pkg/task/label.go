package task

import (
	"context"
	"runtime/pprof"

	"stepwise/pkg/coro"
	"stepwise/pkg/probe"
)

// labeled is body with the Task's name as the label "task" of its goroutine, for a profile
// (loop.Options.Labels). Only then does it cost anything. The label goes when body ends:
// the stack may be the next task's.
func (t *Task) labeled(body coro.Body) coro.Body {
	if !t.loop.Labels() || body == nil {
		return body
	}
	ctx := pprof.WithLabels(context.Background(), pprof.Labels("task", probe.FuncName(t.source)))
	return func(yield coro.Yield) (any, error) {
		pprof.SetGoroutineLabels(ctx)
		defer pprof.SetGoroutineLabels(context.Background())
		return body(yield)
	}
}
