package cell

import (
	"reflect"
	"testing"

	"github.com/cosmos72/gomacro/imports"
	"github.com/stretchr/testify/require"
)

// TestSlicesOfTypesInACircle: the interpreter learns types in an order that varies,
// so there are many sessions. Without finishTypes one in four is wrong.
func TestSlicesOfTypesInACircle(t *testing.T) {
	for range 30 {
		s := newSession(t)
		runs(t, s, "import (\"net/http\"; \"stepwise/pkg/loop\"; \"stepwise/pkg/task\")\n"+
			"func first(tasks []*task.Task) *task.Task { return tasks[0] }\n"+
			"var awaited task.Awaitable = first([]*task.Task{nil})\n"+
			"timers, requests := []*loop.Timer{}, []*http.Request{}")
		for _, path := range []string{"net/http", "stepwise/pkg/loop", "stepwise/pkg/task"} {
			universe, known := s.ir.Comp.Universe, s.ir.Comp.KnownImports[path]
			for name, compiled := range imports.Packages[path].Types {
				pointers := universe.SliceOf(universe.PtrTo(known.Types[name]))
				require.Equal(t, reflect.SliceOf(reflect.PointerTo(compiled)), pointers.ReflectType(), "%s.%s", path, name)
			}
		}
	}
}
