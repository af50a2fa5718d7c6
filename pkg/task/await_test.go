package task_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// TestAwaitIsPartOfItsCaller: what pauses has no frame of its own below the body's, since
// each one makes a switch slower (nobodyYields).
func TestAwaitIsPartOfItsCaller(t *testing.T) {
	l := newLoop(t)
	ready := future.New(l)
	for name, pause := range map[string]func(coro.Yield) error{
		"Await":      func(yield coro.Yield) error { _, err := task.Await(yield, ready); return err },
		"Checkpoint": func(yield coro.Yield) error { return task.Checkpoint(yield) },
	} {
		t.Run(name, func(t *testing.T) {
			var inlined []string
			require.NoError(t, pause(func(any) (any, error) {
				inlined = inlinedCallers()
				return nil, nil
			}))
			require.True(t, slices.ContainsFunc(inlined, func(fn string) bool { return strings.HasSuffix(fn, "task."+name) }),
				"the compiler can't make it a part of its caller any more; inlined is only %v", inlined)
		})
	}
}

// inlinedCallers names those functions on the stack that have no frame of their own: they
// share the entry of the function that they became a part of.
func inlinedCallers() (names []string) {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if frame.Func == nil || frame.Func.Name() != frame.Function {
			names = append(names, frame.Function)
		}
	}
	return names
}
