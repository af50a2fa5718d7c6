package trace

import (
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// Which functions stand on the stack of a coroutine that pauses? For compiled
// code the runtime knows. A function that a notebook's cell defines has no frame
// of its own, only frames of the interpreter, so it says its name itself, with
// Enter; and so it can be seen also where it doesn't pause.

// entered is a function that said its name, and how many compiled functions
// stood outside of it: so it is found its place among them.
type entered struct {
	name  string
	depth int
}

// stack is the caller's, the outermost function first: without the hooks, the
// interpreter, the machinery of coroutines, and what the library does inside of
// the functions that it offers.
func stack() []string {
	const deepest = 256 // a call in a cell takes some ten frames of the interpreter
	pcs := make([]uintptr, deepest)
	found := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	var names []string
	for more := true; more; {
		var frame runtime.Frame
		if frame, more = found.Next(); !hidden(frame.Function) {
			names = append(names, probe.Short(frame.Function))
		}
	}
	slices.Reverse(names)
	return names
}

// withEntered puts the functions that said their names where they belong. A
// compiled function that says its own name stands there once.
func withEntered(stack []string, said []*entered) []string {
	var all []string
	at := 0
	for _, e := range said {
		depth := min(max(at, e.depth), len(stack))
		all = append(all, stack[at:depth]...)
		at = depth
		if len(all) == 0 || !(all[len(all)-1] == e.name || strings.HasSuffix(all[len(all)-1], "."+e.name)) {
			all = append(all, e.name)
		}
	}
	return append(all, stack[at:]...)
}

func hidden(function string) bool {
	if function == "" || interpreter(function) || standard(function) || inner(function) {
		return true
	}
	for _, prefix := range engine {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// module and library are the first part of this module's packages' paths, and that
// of its engine and what stands on it: "stepwise", "stepwise/pkg/".
var module, library = func() (string, string) {
	own := reflect.TypeFor[Recorder]().PkgPath()
	first, _, _ := strings.Cut(own, "/")
	return first, path.Dir(own) + "/"
}()

// standard: what stands between two functions of the course and was written by
// others, such as bufio and crypto/tls on a socket's Stream.
func standard(function string) bool {
	first := function[:strings.IndexAny(function+".", "/.")]
	if slash := strings.IndexByte(function, '/'); slash >= 0 {
		first = function[:slash] // may have a dot: example.org
	}
	return !strings.Contains(first, ".") && first != "main" && first != module
}

// engine are the functions, by their beginnings, that say themselves to a probe
// what they do: what is recorded of them says what was called.
var engine = []string{
	packageOf[Recorder](), packageOf[probe.Site](), packageOf[sys.Calls](), packageOf[selector.Ready](), packageOf[loop.Loop](),
	packageOf[future.Future](), packageOf[coro.Coro](), packageOf[task.Task]() + "(*Task)",
	nameOf(task.Await), nameOf(task.Checkpoint), nameOf(task.Spawn),
}

func packageOf[T any]() string { return reflect.TypeFor[T]().PkgPath() + "." }

func nameOf(fn any) string { return runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name() }

// Place is the function and the line that called the library: "main.main at
// main.go:12". Any goroutine may call it.
func Place() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		of := strings.HasPrefix(frame.Function, library) && !strings.HasSuffix(frame.File, "_test.go")
		switch {
		case interpreter(frame.Function):
			return "a cell"
		case frame.Function != "" && !of && !standard(frame.Function):
			return fmt.Sprintf("%s at %s:%d", probe.Short(frame.Function), frame.File, frame.Line)
		}
	}
	return "the library"
}

// inner: an unexported function, a method of an unexported type, or a function
// inside of another, of a floor of the library; pkg/stages, which is there to be looked into, is none.
func inner(function string) bool {
	floor, ok := strings.CutPrefix(function, library)
	if !ok {
		return false
	}
	pkg, name, _ := strings.Cut(floor, ".")
	if strings.Contains(pkg, "/") || strings.HasSuffix(pkg, "_test") {
		return false
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	return !exported(last) || !exported(strings.TrimLeft(name, "(*"))
}

func exported(name string) bool { return name != "" && 'A' <= name[0] && name[0] <= 'Z' }

// interpreter: gomacro runs a cell's function by many small ones of its own, or
// by one that reflect makes, for a named type such as coro.Body and for rare
// parameters.
func interpreter(function string) bool {
	return strings.HasPrefix(function, "github.com/cosmos72/gomacro/") || function == "reflect.makeFuncStub"
}

// FuncName is the name by which fn was declared: "sock.Socket.wait"; "" if fn is
// no function.
func FuncName(fn any) string {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	if f := runtime.FuncForPC(v.Pointer()); f != nil && interpreter(f.Name()) {
		return "a cell's function"
	}
	return probe.FuncName(fn)
}
