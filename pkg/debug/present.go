package debug

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"stepwise/pkg/probe"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// A Process is what a process that offers its tasks says of itself.
type Process struct {
	PID     int    `json:"pid"`
	Program string `json:"program"` // the file's name
	Loops   []Loop `json:"loops"`   // those that are open, the oldest first
}

// A Loop says where a loop stands, and which tasks live on it.
type Loop struct {
	Number int           `json:"number"` // 1, 2, 3 … in the order in which they were made
	Doing  Doing         `json:"doing"`
	For    time.Duration `json:"for"`            // how long it has been doing that
	What   string        `json:"what,omitempty"` // the task or the function that runs
	At     []string      `json:"at,omitempty"`   // of a Stuck loop, the functions that run, the outermost first, if that is certain
	Tasks  []Task        `json:"tasks"`          // those that are alive, the oldest first
}

// Doing is what a loop does.
type Doing string

const (
	Asleep  Doing = "asleep"  // select waits
	Running Doing = "running" // a callback runs
	Stuck   Doing = "stuck"   // a callback has run for 100 ms or longer, and keeps the others waiting
	Idle    Doing = "idle"    // no Run has been called, or the last one has returned; for a moment, between two callbacks
)

// A Task says what a task does.
type Task struct {
	ID       uint64        `json:"id"`              // its number in the process
	Name     string        `json:"name"`            // its function: "main.crawl"
	Spawned  string        `json:"spawned"`         // by what, and where: "main.main at main.go:12"
	Waits    string        `json:"waits"`           // what for: "fd 7 to read"; "" while it runs
	For      time.Duration `json:"for"`             // how long it has been waiting, or running
	WaitsFor []uint64      `json:"waits_for"`       // the tasks that Waits is about, by ID
	Group    []uint64      `json:"group"`           // the tasks of its Groups, which must end before it does
	Stack    []string      `json:"stack,omitempty"` // its functions, the outermost first; empty before its first pause
	At       string        `json:"at,omitempty"`    // the function and the line that wait, outside of the library
}

// offered is the probe by which a process knows what its loops do.
type offered struct {
	mu    sync.Mutex
	loops []*watched
	made  int    // loops, so far
	tasks uint64 // likewise
}

// Watch begins to watch l. loop.New calls it.
func (o *offered) Watch(l probe.Loop) probe.Events {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made++
	w := &watched{all: o, loop: l, number: o.made, doing: Idle, since: l.Now(),
		tasks: map[probe.Identity]*living{}, awaited: map[probe.Identity][]*living{}}
	o.loops = append(o.loops, w)
	return w
}

func (o *offered) forget(w *watched) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.loops = slices.DeleteFunc(o.loops, func(other *watched) bool { return other == w })
}

func (o *offered) nextTask() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tasks++
	return o.tasks
}

// present is what the process does now. Any goroutine may call it.
func (o *offered) present() Process {
	o.mu.Lock()
	loops := slices.Clone(o.loops)
	o.mu.Unlock()
	p := Process{PID: os.Getpid(), Program: filepath.Base(os.Args[0]), Loops: []Loop{}}
	for _, w := range loops {
		p.Loops = append(p.Loops, w.present())
	}
	return p
}

// watched is what is known of one loop.
//
// Invariants: tasks has each task that is alive twice, by its own identity and by that of its
// result; awaited[f] has those that go on once the future f is done.
type watched struct {
	probe.Nothing
	all    *offered
	loop   probe.Loop
	number int

	mu      sync.Mutex // guards all below, which the loop's goroutine writes
	doing   Doing
	since   time.Duration // when it began to do that, by the loop's clock
	runs    func()        // the callback; nil if none runs
	step    *living       // the task that it steps; nil if none
	tasks   map[probe.Identity]*living
	awaited map[probe.Identity][]*living
	paused  bool           // the task has yielded in this step
	on      probe.Identity // and that is the future it waits for
}

// living is a task that is alive.
type living struct {
	id       uint64
	name     string
	spawned  trace.Spot
	pause    trace.Spot
	waits    string
	since    time.Duration
	waitsFor []probe.Identity
	owner    probe.Identity // the task whose Group it belongs to
	self     probe.Identity
	result   probe.Identity
}

// aboutToRun is what a task waits for that may go on.
const aboutToRun = "nothing: it is about to run"

func (w *watched) does(d Doing) { w.doing, w.since = d, w.loop.Now() }

func (w *watched) Sleep(timeout time.Duration) {
	if timeout != 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.does(Asleep)
	}
}

func (w *watched) Woke(int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.does(Idle)
}

func (w *watched) Began(c probe.Callback) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.does(Running)
	w.runs = c.Fn
}

func (w *watched) Returned(probe.Callback) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.does(Idle)
	w.runs, w.step = nil, nil
}

func (w *watched) Spawned(t, result, body any) {
	l := &living{id: w.all.nextTask(), name: probe.FuncName(body), spawned: trace.Here(), waits: aboutToRun, since: w.loop.Now(),
		self: probe.IdentityOf(t), result: probe.IdentityOf(result)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tasks[l.self], w.tasks[l.result] = l, l
}

func (w *watched) Resumed(t any, _ any, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step, w.paused, w.on = w.tasks[probe.IdentityOf(t)], false, probe.Identity{}
	if w.step != nil {
		w.step.waits, w.step.since, w.step.waitsFor = "", w.loop.Now(), nil
		w.step.owner = probe.IdentityOf(t.(*task.Task).Owner()) // a Group tells it after the Spawn
	}
}

func (w *watched) Yielded(any, any) {
	spot := trace.Here()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paused = true
	if w.step != nil {
		w.step.pause = spot
	}
}

// Awaits says, after Yielded, which future the task waits for.
func (w *watched) Awaits(f any, _ func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused {
		w.on = probe.IdentityOf(f)
	}
}

func (w *watched) Stepped(t any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, one := w.step, t.(*task.Task)
	w.step = nil
	if l == nil || one.Done() {
		return
	}
	l.waits, l.since = one.Reason(), w.loop.Now()
	for _, other := range one.Awaits() {
		l.waitsFor = append(l.waitsFor, probe.IdentityOf(other))
	}
	if w.on != (probe.Identity{}) {
		w.awaited[w.on] = append(w.awaited[w.on], l)
	}
}

// Done: a task has ended, or those that waited for f may go on.
func (w *watched) Done(f any, _ fmt.Stringer, _ any, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := probe.IdentityOf(f)
	for _, l := range w.awaited[id] {
		l.waits, l.since = aboutToRun, w.loop.Now()
	}
	delete(w.awaited, id)
	if ended := w.tasks[id]; ended != nil {
		delete(w.tasks, ended.self)
		delete(w.tasks, ended.result)
	}
}

// End: the loop has closed.
func (w *watched) End() { w.all.forget(w) }

func (w *watched) present() Loop {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.loop.Now()
	l := Loop{Number: w.number, Doing: w.doing, For: now - w.since, Tasks: []Task{}}
	if w.doing == Running {
		l.What = probe.FuncName(w.runs)
		if w.step != nil {
			l.What = fmt.Sprintf("task %d %s", w.step.id, w.step.name)
		}
		if l.For >= slowByDefault {
			l.Doing, l.At = Stuck, stuckAt(w.step != nil)
		}
	}
	alive := w.alive()
	inGroup := map[*living][]uint64{}
	for _, one := range alive {
		if owner := w.tasks[one.owner]; owner != nil {
			inGroup[owner] = append(inGroup[owner], one.id)
		}
	}
	for _, one := range alive {
		told := w.told(one, now)
		told.Group = append(told.Group, inGroup[one]...)
		l.Tasks = append(l.Tasks, told)
	}
	return l
}

// alive lists the tasks, the oldest first.
func (w *watched) alive() []*living {
	all := slices.SortedFunc(maps.Values(w.tasks), func(a, b *living) int { return cmp.Compare(a.id, b.id) })
	return slices.Compact(all)
}

// told puts l into words.
func (w *watched) told(l *living, now time.Duration) Task {
	t := Task{ID: l.id, Name: l.name, Spawned: l.spawned.Place(), Waits: l.waits, For: now - l.since, WaitsFor: []uint64{}, Group: []uint64{}}
	for _, id := range l.waitsFor {
		if other := w.tasks[id]; other != nil {
			t.WaitsFor = append(t.WaitsFor, other.id)
		}
	}
	if l.pause != nil && l.waits != "" {
		t.Stack, t.At = l.pause.Stack(), l.pause.Place()
	}
	return t
}

var (
	_ probe.Probe  = (*offered)(nil)
	_ probe.Events = (*watched)(nil)
)
