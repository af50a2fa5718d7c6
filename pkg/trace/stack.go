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
	"stepwise/pkg/site"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// Which functions are on the stack of a coroutine that pauses? For compiled code the
// runtime knows. A function defined in a notebook's cell has no frame of its own, only
// frames of the interpreter, so it announces its name with Enter. That also shows
// functions that never pause.

// entered is a function that announced its name. depth is how many compiled functions
// were outside it, which gives its place among them.
type entered struct {
	name  string
	depth int
}

// stack returns the caller's stack, the outermost function first, without what hidden
// leaves out; inside says that it is a coroutine's.
func stack() (names []string, inside bool) {
	const deepest = 256 // a call in a cell takes some ten frames of the interpreter
	pcs := make([]uintptr, deepest)
	return Spot(pcs[:runtime.Callers(1, pcs)]).functions()
}

// functions returns what stack would have returned there.
func (s Spot) functions() (names []string, inside bool) {
	found := runtime.CallersFrames(s)
	for more := len(s) > 0; more; {
		var frame runtime.Frame
		frame, more = found.Next()
		inside = inside || frame.Function == coroutine
		if !hidden(frame.Function) {
			names = append(names, probe.Short(frame.Function))
		}
	}
	slices.Reverse(names)
	return names, inside
}

// coroutine is the function that runs a coroutine's body.
var coroutine = reflect.TypeFor[coro.Coro]().PkgPath() + ".(*Coro).run"

// withEntered inserts the functions that announced their names where they belong. A
// compiled function that announces its own name appears once.
func withEntered(stack []string, announced []*entered) []string {
	var all []string
	at := 0
	for _, e := range announced {
		depth := min(max(at, e.depth), len(stack))
		all = append(all, stack[at:depth]...)
		at = depth
		if len(all) == 0 || !(all[len(all)-1] == e.name || strings.HasSuffix(all[len(all)-1], "."+e.name)) {
			all = append(all, e.name)
		}
	}
	return append(all, stack[at:]...)
}

// hidden reports whether a picture leaves function out: the probe's own, the
// interpreter's, the standard library's, the machinery of coroutines, and what the
// library does inside the functions that it exports.
func hidden(function string) bool {
	if function == "" || probe.Interpreted(function) || standard(function) || internal(function) {
		return true
	}
	for _, prefix := range engine {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// module is this module's path, and library the prefix of its packages: "stepwise",
// "stepwise/pkg/". They come from a type, so that they stay true when either moves.
var module, library = func() (string, string) {
	own := reflect.TypeFor[Recorder]().PkgPath()
	first, _, _ := strings.Cut(own, "/")
	return first, path.Dir(own) + "/"
}()

// standard reports whether function belongs to the standard library, which may stand
// between two functions of the course: bufio or crypto/tls on a socket's Stream.
func standard(function string) bool {
	first, _, slash := strings.Cut(function, "/") // may have a dot: example.org
	if !slash {
		first, _, _ = strings.Cut(function, ".")
	}
	return !strings.Contains(first, ".") && first != "main" && first != module
}

// engine holds prefixes of the functions that report to a probe: the recording says
// what they did, so their frames add nothing.
var engine = []string{
	packageOf[Recorder](), packageOf[probe.Callback](), packageOf[site.Site](), packageOf[sys.Calls](), packageOf[selector.Ready](), packageOf[loop.Loop](),
	packageOf[future.Future](), packageOf[coro.Coro](), packageOf[task.Task]() + "(*Task)",
	nameOf(task.Await), nameOf(task.Checkpoint), nameOf(task.Spawn),
}

func packageOf[T any]() string { return reflect.TypeFor[T]().PkgPath() + "." }

func nameOf(fn any) string { return runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name() }

// Place returns the function and the line that called the library: "main.main at
// main.go:12". For a notebook's cell it returns "a cell". Any goroutine may call it.
func Place() string { return Here().Place() }

// A Spot is a place in a program that has not been put into words yet: words cost more
// than ten times as much, and most are never read.
type Spot []uintptr

// Here is the Spot of its caller. Any goroutine may call it.
func Here() Spot {
	var pcs [64]uintptr
	return append(Spot(nil), pcs[:runtime.Callers(2, pcs[:])]...)
}

// Stack lists the functions that were on the stack there, the outermost first, as Events
// have them.
func (s Spot) Stack() []string {
	names, _ := s.functions()
	return names
}

// Place is what Place would have returned there.
func (s Spot) Place() string {
	frames := runtime.CallersFrames(s)
	for more := len(s) > 0; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		inside := strings.HasPrefix(frame.Function, library) && !strings.HasSuffix(frame.File, "_test.go")
		switch {
		case probe.Interpreted(frame.Function):
			return "a cell"
		case frame.Function != "" && !inside && !standard(frame.Function):
			return fmt.Sprintf("%s at %s:%d", probe.Short(frame.Function), frame.File, frame.Line)
		}
	}
	return "the library"
}

// internal reports whether function is an unexported one of the library, a method of
// an unexported type, or a function literal.
func internal(function string) bool {
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
