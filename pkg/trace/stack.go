package trace

import (
	"runtime"
	"slices"
	"strings"
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

// Enter records that the function name was entered, by the task whose step runs
// or else by the callback that runs; call what it returns when the function is
// left:
//
//	defer l.Trace().Enter("read")()
func (r *Recorder) Enter(name string) (leave func()) {
	if r == nil {
		return func() {}
	}
	compiled := stack()
	e := &entered{clip(name), len(compiled)}
	r.mu.Lock()
	defer r.mu.Unlock()
	task := top(r.steps)
	r.names[task] = append(r.names[task], e)
	r.addLocked(Event{Kind: Called, Name: e.name, Stack: withEntered(compiled, r.names[task])})
	return func() { r.leave(task, e) }
}

// leave takes a name off its task's stack, wherever it stands: a coroutine that
// is closed unwinds outside of its task's steps. A second call does nothing.
func (r *Recorder) leave(task uint64, e *entered) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.Index(r.names[task], e)
	if at < 0 {
		return
	}
	r.names[task] = slices.Delete(r.names[task], at, at+1)
	if len(r.names[task]) == 0 {
		delete(r.names, task)
	}
	r.addLocked(Event{Kind: Left, Name: e.name})
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
			names = append(names, short(frame.Function))
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
	for _, prefix := range engine {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return function == "" || interpreter(function) || standard(function) || inner(function)
}

// standard: what stands between two functions of the course and was written by
// others, such as bufio and crypto/tls on a socket's Stream.
func standard(function string) bool {
	first := function[:strings.IndexAny(function+".", "/.")]
	if slash := strings.IndexByte(function, '/'); slash >= 0 {
		first = function[:slash] // may have a dot: example.org
	}
	return !strings.Contains(first, ".") && first != "main" && first != "stepwise"
}

// engine are the floors whose functions record something themselves: what they
// record says what was called.
var engine = []string{"runtime.", "iter.", "reflect.", "stepwise/pkg/trace.", "stepwise/pkg/sys.", "stepwise/pkg/selector.",
	"stepwise/pkg/loop.", "stepwise/pkg/future.", "stepwise/pkg/coro.", "stepwise/pkg/task.Await",
	"stepwise/pkg/task.Checkpoint", "stepwise/pkg/task.Spawn", "stepwise/pkg/task.(*Task)"}

// inner: an unexported function, a method of an unexported type, or a function
// inside of another, of a floor of the library; pkg/stages, which is there to be looked into, is none.
func inner(function string) bool {
	floor, ok := strings.CutPrefix(function, "stepwise/pkg/")
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

// nameAt is the short name of the function at pc.
func nameAt(pc uintptr) string {
	f := runtime.FuncForPC(pc)
	switch {
	case f == nil:
		return ""
	case interpreter(f.Name()):
		return "a cell's function"
	}
	return short(f.Name())
}

// short is a function's name without its folder: stepwise/pkg/sock.(*Socket).wait-fm
// is sock.Socket.wait.
func short(function string) string {
	function = function[strings.LastIndexByte(function, '/')+1:]
	return strings.NewReplacer("(*", "", "(", "", ")", "", "-fm", "", "[...]", "").Replace(function)
}
