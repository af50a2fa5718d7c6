// Package player plays a notebook in a terminal, without Jupyter, on the interpreter
// that the notebooks' kernel uses.
//
//	p := player.Player{In: os.Stdin, Out: os.Stdout, Width: 80, Color: true}
//	err := p.Play(nb)
//
// A program that uses it contains all of gomacro. So stepwise/cmd/stepwise/play is a
// program of its own, to keep the stepwise command small.
//
// Order of reading: player.go, keyboard.go, prose.go (how a cell looks), walk.go.
package player

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"stepwise/cmd/kernel/cell"
	"stepwise/cmd/kernel/display"
	_ "stepwise/cmd/kernel/tables" // what cells can import
	"stepwise/cmd/stepwise/internal/notebook"
)

// ErrInterrupted says that the reader stopped a cell, in a run that doesn't ask the
// reader how to go on.
var ErrInterrupted = errors.New("was interrupted")

// Player plays one notebook. One goroutine calls Play; Interrupt may be called
// from any.
type Player struct {
	In    io.Reader // has the reader's Enter and the lines that cells read; nil: the reader isn't asked
	Out   io.Writer // where prose and code go; cells print to os.Stdout
	Width int       // of a line, in characters
	Color bool      // whether Out understands colors
	Trace bool      // whether to show, after each cell, what its loops did

	Screen bool // whether Out is a screen, on which code too must fit into Width

	keys  *keyboard // of In; nil: a cell that reads os.Stdin gets an error
	asks  bool      // the reader, before each cell
	cell  atomic.Pointer[running]
	watch *watcher // nil unless Trace
}

// running is a running cell.
type running struct {
	session *cell.Session
	told    atomic.Bool // to stop
}

// Play shows nb cell by cell and runs its code, in the current folder. Before a cell
// it waits for Enter, if it can ask the reader. It returns nil at the end, or if the
// reader ends it, and a *notebook.CellError at the first cell that doesn't end as it
// should.
func (p *Player) Play(nb *notebook.Notebook) error {
	session, err := cell.New()
	if err != nil {
		return err
	}
	display.SetScreen(terminal{})
	if p.In != nil {
		p.keys, p.asks = newKeyboard(p.In), true
	}
	if p.Trace {
		var stop func()
		p.watch, stop = watch()
		defer stop()
	}
	number := 0
	for i := range nb.Cells {
		c := &nb.Cells[i]
		if !c.IsCode() {
			if !p.prose(c.Source) {
				return nil
			}
			continue
		}
		if c.Has(notebook.TagSolution) && !p.ask("The next cell is a solution. Enter shows it") {
			return nil
		}
		if !runs(c) {
			p.code("In [ ]", c.Source)
			continue
		}
		number++
		p.code(fmt.Sprintf("In [%d]", number), c.Source)
		if !p.ask(toRun(c)) {
			return nil
		}
		if err := p.run(session, nb, i, number); err != nil {
			return err
		}
	}
	return nil
}

// run runs the cell i. If the reader interrupts it and can be asked about the next
// cell, the lesson goes on: everything that the cell had defined is kept.
func (p *Player) run(session *cell.Session, nb *notebook.Notebook, i, number int) error {
	now := &running{session: session}
	p.cell.Store(now)
	if p.keys != nil {
		cell.SetInput(p.keys.line)
	}
	result := session.Run(nb.Cells[i].Source, number)
	cell.SetInput(nil)
	p.cell.Store(nil)
	if len(result.Value.Data) > 0 {
		_ = terminal{}.Show(result.Value)
	}
	if result.Failure != nil {
		fmt.Fprintln(os.Stderr, result.Failure)
	}
	fmt.Fprintln(p.Out)
	if p.watch != nil {
		p.walk(p.watch.since())
	}
	if result.Failure != nil && now.told.Load() {
		if p.asks {
			return nil
		}
		return notebook.NewCellError(nb, i, ErrInterrupted, "")
	}
	err := verdict(nb, i, result.Failure)
	if err != nil {
		err.Message = "" // the reader sees it already
		return err
	}
	return nil
}

// Interrupt stops the running cell and returns true. If no cell is running, or it was
// told to stop before, it returns false: the reader wants to end the lesson.
func (p *Player) Interrupt() bool {
	now := p.cell.Load()
	if now == nil || now.told.Swap(true) {
		return false
	}
	now.session.Interrupt()
	return true
}

// ask tells the reader what Enter does, waits for it, and reports whether to go on.
func (p *Player) ask(enter string) bool {
	if !p.asks {
		return true
	}
	fmt.Fprint(p.Out, p.faint(enter+", a runs all, q ends: "))
	line, err := p.keys.line(nil)
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "q", "quit", "exit":
		return false
	case "a", "all":
		p.asks = false
	}
	return err == nil
}

// toRun is what to ask before c runs.
func toRun(c *notebook.Cell) string {
	if c.Has(notebook.TagPredict) {
		return "What do you expect? Enter runs it"
	}
	return "Enter runs it"
}

// runs reports whether the cell is to be run.
func runs(c *notebook.Cell) bool {
	return c.IsCode() && !c.Has(notebook.TagSkip) && strings.TrimSpace(c.Source) != ""
}

// verdict returns nil if the cell i ended as it should: with a failure if its tag
// says so, and otherwise without one.
func verdict(nb *notebook.Notebook, i int, failure *cell.Failure) *notebook.CellError {
	meant := nb.Cells[i].Has(notebook.TagRaises)
	switch {
	case failure != nil && !meant:
		return notebook.NewCellError(nb, i, notebook.ErrRaised, failure.String())
	case failure == nil && meant:
		return notebook.NewCellError(nb, i, notebook.ErrNoRaise, "")
	}
	return nil
}

// terminal shows the text of everything that cells show.
type terminal struct{}

func (terminal) Show(data display.Data) error {
	text, ok := data.Data[display.MIMETypeText].(string)
	if !ok {
		return fmt.Errorf("showing a cell's value: it has no text beside its picture")
	}
	_, err := fmt.Fprintln(os.Stdout, strings.TrimRight(text, "\n"))
	return err
}

// Update shows the data again, because a terminal can't change what it has printed.
func (t terminal) Update(data display.Data) error { return t.Show(data) }
