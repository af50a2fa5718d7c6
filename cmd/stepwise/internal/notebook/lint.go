// lint.go: what must be true of every notebook of the course before it runs: its
// format, its order, and that everyone can read it. Read notebook.go first. prose.go
// has the rules for headings and pictures, accessible.go those for tables and links,
// folded.go those for what is folded, level.go and quote.go those that depend on the
// rest of the course, and package limits those for code.

package notebook

import (
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"stepwise/cmd/kernel/exports"
	"stepwise/cmd/kernel/limits"
	"stepwise/cmd/stepwise/internal/machine"
)

// kernelspec and language are the metadata of every notebook; there is no other.
var (
	kernelspec = map[string]any{"name": KernelName, "display_name": "Go (gophernotes)", "language": "go"}
	language   = map[string]any{"name": "go", "file_extension": ".go", "mimetype": "text/x-go",
		"pygments_lexer": "go", "codemirror_mode": "go"}
)

var (
	fileName = regexp.MustCompile(`^\d\d-[a-z0-9]+(-[a-z0-9]+)*\.ipynb$`)
	cellID   = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
)

// Lint returns the faults of nb, one line for each, in the order of its cells. home
// lists folders of this machine that nb must not name, such as the clone's.
func Lint(nb *Notebook, home ...string) []string {
	l := &linter{nb: nb}
	l.file()
	l.order()
	l.prose()
	l.code()
	l.python()
	l.folds()
	for i := range nb.Cells {
		l.cell(i, home)
	}
	return l.found
}

// LintCourse is Lint for a notebook of the course whose clone is at root. It also
// checks that quotes match the code there, and that no word comes before its lesson.
func LintCourse(nb *Notebook, root string) []string {
	l := &linter{nb: nb, found: Lint(nb, root)}
	l.quotes(root)
	l.length()
	concepts, err := readConcepts(filepath.Join(root, "notebooks", "concepts.txt"))
	if err != nil {
		l.add(-1, "%v", err)
	}
	l.level(concepts)
	return l.found
}

// longest is how many minutes a lesson may take: a reader reads 200 words in a minute,
// and spends one on each cell of code.
const longest = 35

func (l *linter) length() {
	words, cells := 0, 0
	for i := range l.nb.Cells {
		if c := &l.nb.Cells[i]; c.IsCode() {
			cells++
		} else {
			words += len(strings.Fields(c.Source))
		}
	}
	if minutes := (words+100)/200 + cells; minutes > longest {
		l.add(-1, "takes %d min, by its number of words, %d, and of code cells, %d: cut it to %d min", minutes, words, cells, longest)
	}
}

// linter collects the faults of nb.
type linter struct {
	nb    *Notebook
	found []string
}

// add notes a fault of the cell i, or of the file if i is negative.
func (l *linter) add(i int, format string, args ...any) {
	where := l.nb.Path
	if i >= 0 {
		where = fmt.Sprintf("%s: cell %d (%s)", where, i+1, l.nb.Cells[i].ID)
	}
	l.found = append(l.found, where+": "+fmt.Sprintf(format, args...))
}

func (l *linter) file() {
	nb := l.nb
	if nb.Nbformat != 4 || nb.NbformatMinor != 5 {
		l.add(-1, "is nbformat %d.%d, not 4.5", nb.Nbformat, nb.NbformatMinor)
	}
	if !fileName.MatchString(filepath.Base(nb.Path)) {
		l.add(-1, "is not named NN-slug.ipynb")
	}
	if !reflect.DeepEqual(nb.Metadata, metadata()) {
		l.add(-1, "metadata is %v, not the course's: stepwise refresh fixes it", nb.Metadata)
	}
	seen := make(map[string]bool)
	for i, c := range nb.Cells {
		if !cellID.MatchString(c.ID) {
			l.add(i, "the id %q is not 1 to 64 letters, digits, - or _", c.ID)
		}
		if seen[c.ID] {
			l.add(i, "the id occurs twice")
		}
		seen[c.ID] = true
	}
}

// order makes sure that the outputs come from one run from top to bottom.
func (l *linter) order() {
	count := 0
	for i := range l.nb.Cells {
		c := &l.nb.Cells[i]
		if !c.IsCode() {
			continue
		}
		if c.Has(TagSkip) || strings.TrimSpace(c.Source) == "" {
			continue
		}
		count++
		switch {
		case c.ExecutionCount == nil:
			l.add(i, "was not run: stepwise refresh runs it")
		case *c.ExecutionCount != count:
			l.add(i, "ran as number %d, not %d: stepwise refresh runs all in order", *c.ExecutionCount, count)
		}
	}
}

// code finds code that is not Go, or that the interpreter can't run. A cell that is not
// run, or that is meant to fail, may have such code.
func (l *linter) code() {
	exports.In(filepath.Dir(l.nb.Path))
	cells := make([]limits.Cell, len(l.nb.Cells))
	for i := range l.nb.Cells {
		if c := &l.nb.Cells[i]; c.IsCode() && !c.Has(TagSkip) {
			cells[i] = limits.Cell{Source: c.Source, MayFail: c.Has(TagRaises)}
		}
	}
	for _, f := range limits.Notebook(cells) {
		l.add(f.Cell, "line %d: %s", f.Line, f.Text)
	}
}

func (l *linter) cell(i int, home []string) {
	c := &l.nb.Cells[i]
	if _, err := c.masks(); err != nil {
		l.add(i, "%v", err)
	}
	if path := machine.Path(c.Source+"\n"+render(c.Outputs), home...); path != "" {
		l.add(i, "names %s, a path of one machine", path)
	}
	if c.IsCode() && strings.TrimSpace(c.Source) == "" {
		l.add(i, "has no code")
	}
	for _, o := range c.Outputs {
		if o.Type == "error" && !c.Has(TagRaises) {
			l.add(i, "shows the error %q but is not tagged %s", o.EValue, TagRaises)
		}
		l.picture(i, o)
	}
	for key := range c.Metadata {
		if _, tagged := c.folding()[key]; volatile[key] && !tagged {
			l.add(i, "metadata.%s changes from run to run: stepwise refresh removes it", key)
		}
	}
}

// metadata returns a new copy of the metadata of every notebook.
func metadata() map[string]any {
	return map[string]any{"kernelspec": kernelspec, "language_info": language}
}
