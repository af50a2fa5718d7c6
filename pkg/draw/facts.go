package draw

import (
	"cmp"
	"slices"
	"strings"

	"stepwise/pkg/probe"
	"stepwise/pkg/trace"
)

// facts are what a picture must know of a whole recording to show any part of it.
type facts struct {
	loops     []int             // in order
	loopOf    map[uint64]int    // by task: the loop that it runs on
	tasks     []uint64          // in the order of their numbers' first appearance
	bodies    map[uint64]string // by task: its body's name
	taskOf    map[uint64]uint64 // by future: the task whose result it is
	resultOf  map[uint64]uint64 // by task: its result
	waits     map[uint64]string // by future: "fd 7 read", "timer"
	doneAt    map[uint64]int    // by future: the index of its Done
	steps     map[uint64]uint64 // by callback: the task that it steps
	says      map[uint64]string // by callback: the name that its function announces with Enter
	callbacks map[uint64]string // by callback: its function
	idle      map[uint64]bool   // callbacks that do nothing
	idleReady map[uint64]bool   // by Seq: a Ready that caused nothing but such
}

func learn(events []trace.Event) facts {
	f := facts{loopOf: map[uint64]int{}, bodies: map[uint64]string{}, taskOf: map[uint64]uint64{}, resultOf: map[uint64]uint64{}, waits: map[uint64]string{},
		steps: map[uint64]uint64{}, says: map[uint64]string{}, callbacks: map[uint64]string{}, doneAt: map[uint64]int{}, idle: map[uint64]bool{}, idleReady: map[uint64]bool{}}
	seen := map[uint64]bool{}
	runs := map[uint64]string{}
	for i, e := range events {
		if e.Kind == trace.Done {
			f.doneAt[e.Future] = i
		}
		if at, there := slices.BinarySearch(f.loops, e.Loop); !there {
			f.loops = slices.Insert(f.loops, at, e.Loop)
		}
		for _, task := range []uint64{e.Task, about(e)} {
			if task != 0 && !seen[task] {
				seen[task] = true
				f.tasks, f.loopOf[task] = append(f.tasks, task), e.Loop
			}
		}
		f.learnFrom(e, runs)
	}
	f.findIdle(events)
	return f
}

// about is the task that an event is about, besides the one whose step runs.
func about(e trace.Event) uint64 {
	if e.Kind == trace.Spawned || e.Kind == trace.CancelAsked {
		return e.About
	}
	return 0
}

// learnFrom adds one event. runs says, by callback, what it runs for.
func (f facts) learnFrom(e trace.Event, runs map[uint64]string) {
	switch e.Kind {
	case trace.Spawned:
		f.bodies[e.About], f.taskOf[e.Future], f.resultOf[e.About] = e.Name, e.About, e.Future
		f.loopOf[e.About] = e.Loop
	case trace.Called:
		switch {
		case e.Task != 0 && nameless(f.bodies[e.Task]):
			f.bodies[e.Task] = e.Name
		case e.Task == 0 && e.Callback != 0 && f.says[e.Callback] == "":
			f.says[e.Callback] = e.Name
		}
	case trace.Resumed:
		f.steps[e.Callback], f.loopOf[e.Task] = e.Task, e.Loop
	case trace.Named:
		f.waits[e.Future] = fdText(e.FD, e.Name)
	case trace.Began:
		f.callbacks[e.About] = e.Name
		if e.FD >= 0 {
			runs[e.About] = fdText(e.FD, e.Text)
		} else if _, told := causes[e.Text]; told {
			runs[e.About] = e.Text
		}
	case trace.Done:
		if f.waits[e.Future] == "" && e.Task == 0 {
			f.waits[e.Future] = runs[e.Callback] // what completes it shows what it waited for
		}
	}
}

// findIdle finds the callbacks that begin and return without doing anything, and the
// readiness that nothing makes use of: both come from select being level-triggered.
func (f facts) findIdle(events []trace.Event) {
	began := map[int]uint64{}      // by loop
	useful := map[uint64]bool{}    // by callback
	readyOf := map[uint64]uint64{} // by callback: the Ready that queued it
	ready := map[int]uint64{}      // by loop
	for _, e := range events {
		switch e.Kind {
		case trace.Began:
			began[e.Loop] = e.About
			continue
		case trace.Returned, trace.Skipped:
			f.idle[e.About] = f.idle[e.About] || began[e.Loop] == e.About
			if e.Kind == trace.Skipped {
				continue
			}
			useful[e.About] = !f.idle[e.About]
		case trace.Ready:
			ready[e.Loop] = e.Seq
		case trace.Queued:
			if e.FD >= 0 {
				readyOf[e.About] = ready[e.Loop]
			}
		}
		began[e.Loop] = 0
	}
	brought := map[uint64]bool{}
	for callback, seq := range readyOf {
		brought[seq] = brought[seq] || useful[callback]
	}
	for _, seq := range readyOf {
		f.idleReady[seq] = !brought[seq]
	}
}

// on names what belongs to a loop: "select", or "select 2" if there are several loops.
func (f facts) on(loop int, what string) string {
	if len(f.loops) > 1 {
		return what + " " + num(uint64(max(0, loop)))
	}
	return what
}

// callbackName returns the name that a callback announces, otherwise its function's,
// without the package.
func (f facts) callbackName(n uint64, function string) string {
	switch {
	case f.says[n] != "":
		return f.says[n]
	case function == "":
		return "a callback"
	}
	return local(function)
}

// future names a future: "future 3 (fd 7 read)", or "task 2" for its result.
func (f facts) future(n uint64) string {
	if task := f.taskOf[n]; task != 0 {
		return "task " + num(task)
	}
	if f.waits[n] != "" {
		return "future " + num(n) + " (" + f.waits[n] + ")"
	}
	return "future " + num(n)
}

// waitsFor returns what a future waits for, as in "waits for a timer".
func (f facts) waitsFor(n uint64) string {
	waits := f.waits[n]
	if f.taskOf[n] != 0 || waits == "" {
		return f.future(n)
	}
	return cmp.Or(causes[waits], waits)
}

// causes names what else queues a callback, apart from a descriptor and the program.
var causes = map[string]string{string(probe.Timer): "a timer", string(probe.Outside): "a call from outside"}

func fdText(fd int, what string) string { return "fd " + num(uint64(max(0, fd))) + " " + what }

// bodyName returns the name of a task's body, "body" for one without a name that says
// something: a function of a cell, or what Run was handed.
func bodyName(name string) string {
	if name == "" || name == probe.CellFunc || strings.HasPrefix(name, ownPrefix) {
		return "body"
	}
	return name
}

// ownPrefix begins the names of this package's functions: "draw.".
var ownPrefix, _, _ = strings.Cut(probe.FuncName(Run), "Run")

// nameless reports whether body's name says nothing: that of a function literal, or
// none. The first function that announces its name inside then names the task.
func nameless(body string) bool { return bodyName(body) == "body" || strings.Contains(body, ".func") }

// systemCall is a system call with its result: recv(fd 7) = 4096 bytes.
func systemCall(e *trace.Event) string {
	s := e.Name + "(fd " + num(uint64(max(0, e.FD))) + ")"
	switch {
	case e.Name == "socket" && e.Err == "":
		return "socket() = fd " + num(uint64(max(0, e.FD)))
	case e.Name == "socket":
		return "socket(): " + e.Err
	case e.Err != "":
		return s + ": " + e.Err
	case e.Name == "recv" || e.Name == "send":
		return s + " = " + count(e.N, "byte")
	case e.Name == "accept":
		return s + " = fd " + num(uint64(max(0, e.N)))
	}
	return s + " = 0"
}
