// tasks.go: `stepwise tasks`. Read cli.go first; pkg/debug asks the program.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"stepwise/pkg/debug"
)

type tasksCommand struct {
	PID  int  `arg:"" optional:"" help:"Number of the program's process (default: all programs of yours that offer their tasks)."`
	Tree bool `help:"Show each task above those that it waits for, with its calls and where it was spawned."`
	JSON bool `name:"json" help:"Print everything that is known, as JSON."`
}

func (tasksCommand) Help() string {
	return `Looks into a program that runs on the course's engine: which tasks live on its loops, what each waits for, and since when. It works while the program hangs, too, and says which callback keeps the loop.

The program must have been started with STEPWISEDEBUG=1, and its main must begin with debug.ByEnvironment, as stepwise itself does. Only its user can look.

Examples:

  STEPWISEDEBUG=1 stepwise serve echo --addr 127.0.0.1:7000 &
  stepwise tasks
  stepwise tasks --tree 4711

Exit status: 0 all is well, 1 no program offers its tasks under that number, 2 wrong usage.`
}

// Validate is called by kong before Run.
func (c *tasksCommand) Validate() error {
	if c.PID < 0 {
		return fmt.Errorf("%d is not the number of a process", c.PID)
	}
	return nil
}

// Run is called for stepwise tasks.
func (c *tasksCommand) Run(s streams) error {
	pids := []int{c.PID}
	if c.PID == 0 {
		var err error
		if pids, err = debug.Offering(); err != nil {
			return err
		}
		if len(pids) == 0 {
			return errors.New("no program of yours offers its tasks: start one with STEPWISEDEBUG=1")
		}
	}
	for _, pid := range pids {
		p, err := debug.Look(pid)
		if err != nil {
			return try(others(err), "tasks", "--help")
		}
		if err := c.print(s.Out, p); err != nil {
			return err
		}
	}
	return nil
}

// others names the processes that could be meant instead. The number of a program that go run has
// started isn't that of go itself, which is what a shell knows.
func others(err error) error {
	pids, _ := debug.Offering()
	if !errors.Is(err, debug.ErrNotOffered) || len(pids) == 0 {
		return err
	}
	numbers := strings.Trim(fmt.Sprint(pids), "[]")
	return fmt.Errorf("%w; those of yours that do: %s", err, strings.ReplaceAll(numbers, " ", ", "))
}

func (c *tasksCommand) print(w io.Writer, p debug.Process) error {
	if c.JSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(p)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s, process %d\n", p.Program, p.PID)
	if len(p.Loops) == 0 {
		text.WriteString("no loop\n")
	}
	for _, l := range p.Loops {
		text.WriteString(loopLine(l))
		switch {
		case c.Tree:
			newTaskTree(l).print(&text)
		case len(l.Tasks) > 0:
			table(&text, l.Tasks)
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// loopLine says what a loop does, and where if it is stuck.
func loopLine(l debug.Loop) string {
	text := fmt.Sprintf("loop %d: %s for %v, %s\n", l.Number, l.Doing, short(l.For), plural(len(l.Tasks), "task"))
	if l.Doing != debug.Stuck {
		return text
	}
	text = fmt.Sprintf("loop %d: stuck in %s for %v: nothing else can run, %s\n", l.Number, l.What, short(l.For), plural(len(l.Tasks), "task"))
	for _, at := range slices.Backward(l.At) {
		text += "   in " + at + "\n"
	}
	return text
}

func table(w io.Writer, tasks []debug.Task) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TASK\tFUNCTION\tWAITS FOR\tTIME\tIN")
	for _, one := range tasks {
		in := "-"
		if len(one.Stack) > 0 {
			in = one.Stack[len(one.Stack)-1]
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%v\t%s\n", one.ID, one.Name, awaited(one), short(one.For), in)
	}
	_ = t.Flush() // a strings.Builder takes everything
}

// awaited says what a task waits for, with the numbers of other tasks.
func awaited(t debug.Task) string {
	switch {
	case t.Waits == "":
		return "nothing: it runs"
	case len(t.WaitsFor) > 0:
		return numbered(t.WaitsFor)
	case len(t.Group) > 0 && strings.HasSuffix(t.Waits, " others"): // the body has returned
		return numbered(t.Group)
	}
	return t.Waits
}

// numbered names tasks by their numbers: "tasks 2, 3 and 4".
func numbered(ids []uint64) string {
	var all []string
	for _, id := range ids {
		all = append(all, strconv.FormatUint(id, 10))
	}
	if last := len(all) - 1; last > 0 {
		return "tasks " + strings.Join(all[:last], ", ") + " and " + all[last]
	}
	return "task " + all[0]
}

// short is d in as many digits as a reader wants.
func short(d time.Duration) time.Duration {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second)
	case d >= time.Second:
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

func plural(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// taskTree prints each task above those that it waits for.
type taskTree struct {
	tasks   map[uint64]debug.Task
	order   []uint64
	awaited map[uint64]bool // by another task
	seen    map[uint64]bool
}

func newTaskTree(l debug.Loop) *taskTree {
	t := &taskTree{tasks: map[uint64]debug.Task{}, awaited: map[uint64]bool{}, seen: map[uint64]bool{}}
	for _, one := range l.Tasks {
		t.tasks[one.ID] = one
		t.order = append(t.order, one.ID)
		for _, other := range below(one) {
			t.awaited[other] = true
		}
	}
	return t
}

// below lists the tasks that must end before one does, in order.
func below(one debug.Task) []uint64 {
	all := slices.Concat(one.WaitsFor, one.Group)
	slices.Sort(all)
	return slices.Compact(all)
}

func (t *taskTree) print(w io.Writer) {
	for _, id := range t.order {
		if !t.awaited[id] {
			t.grow(w, id, "")
		}
	}
	for _, id := range t.order { // a circle, which no task outside of it waits for
		if !t.seen[id] {
			t.grow(w, id, "")
		}
	}
}

func (t *taskTree) grow(w io.Writer, id uint64, indent string) {
	one := t.tasks[id]
	if t.seen[id] {
		fmt.Fprintf(w, "%stask %d %s (see above)\n", indent, id, one.Name)
		return
	}
	t.seen[id] = true
	if one.Waits == "" {
		fmt.Fprintf(w, "%stask %d %s has been running for %v\n", indent, id, one.Name, short(one.For))
	} else {
		fmt.Fprintf(w, "%stask %d %s has been waiting for %s for %v\n", indent, id, one.Name, awaited(one), short(one.For))
	}
	if len(one.Stack) > 0 {
		fmt.Fprintf(w, "%s   in %s, %s\n", indent, strings.Join(one.Stack, " > "), one.At)
	}
	fmt.Fprintf(w, "%s   spawned by %s\n", indent, one.Spawned)
	if len(one.Group) > 0 {
		fmt.Fprintf(w, "%s   can't end before its group: %s\n", indent, numbered(one.Group))
	}
	for _, other := range below(one) {
		t.grow(w, other, indent+"      ")
	}
}
