package cell

import (
	"reflect"
	"strings"
	"testing"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/task"
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

// TestCompiledTypes: the interpreter knows exactly what each compiled type is made of, also
// where it has met it in a circle. Without finishTypes thirty types are wrong in every
// session, each time others: a cell with task.All failed in one session of six.
func TestCompiledTypes(t *testing.T) {
	s := newSession(t)
	paths := make(map[string]fast.PackageName)
	for path := range imports.Packages {
		if !strings.HasPrefix(path, "github.com/") { // gomacro's own
			paths[path] = "_"
		}
	}
	universe := s.ir.Comp.Universe
	_, err := s.ir.Comp.ImportPackagesOrError(paths)
	require.NoError(t, err)
	s.finishTypes(universe)
	for compiled, known := range universe.ReflectTypes {
		require.Equal(t, compiled.String(), known.ReflectType().String())
		require.True(t, compiled == known.ReflectType(), compiled)
	}
	tasks := universe.FromReflectType(reflect.TypeOf(task.All)).Out(0)
	waits := universe.FromReflectType(reflect.TypeOf(task.WaitsFor)).Out(0)
	for _, one := range []xreflect.Type{tasks.Elem(), waits.Key(), waits.Elem().Elem()} {
		require.Equal(t, reflect.TypeFor[*task.Task](), one.ReflectType())
	}
}
