// compare.go: comparing a notebook's committed outputs with those of a run. Read
// render.go and mask.go first.

package notebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
)

// Difference is a cell whose outputs differ from the committed ones.
type Difference struct {
	Notebook string
	Number   int    // counted from 1, with the prose cells, as a reader counts
	ID       string // nbformat's
	Line     string // the first of its source
	Diff     string // unified, of the masked texts
}

// String names the cell and shows the diff, indented.
func (d Difference) String() string {
	title := fmt.Sprintf("%s: cell %d (%s) shows something else: %s", d.Notebook, d.Number, d.ID, d.Line)
	return title + "\n    " + strings.ReplaceAll(strings.TrimSpace(d.Diff), "\n", "\n    ")
}

// Compare returns the cells whose outputs in fresh differ from those in committed
// after masking. fresh is a run of committed, so both should have the same cells; if
// not, that is a difference too.
func Compare(committed, fresh *Notebook) []Difference {
	var found []Difference
	for i := range max(len(committed.Cells), len(fresh.Cells)) {
		want, got := at(committed, i), at(fresh, i)
		if diff := compareCells(want, got); diff != "" {
			found = append(found, Difference{committed.Path, i + 1, want.ID, want.FirstLine(), diff})
		}
	}
	return found
}

func at(nb *Notebook, i int) *Cell {
	if i < len(nb.Cells) {
		return &nb.Cells[i]
	}
	return &Cell{}
}

func compareCells(want, got *Cell) string {
	if want.Type != got.Type || want.Source != got.Source {
		return diff(want.Type+"\n"+want.Source+"\n", got.Type+"\n"+got.Source+"\n")
	}
	own, err := want.masks()
	if err != nil {
		return err.Error()
	}
	return diff(shown(want, own), shown(got, own))
}

func shown(c *Cell, own []*regexp.Regexp) string { return apply(render(c.Outputs), own) }

// diff returns the unified diff of two texts, or "" if they are equal.
func diff(want, got string) string {
	if want == got {
		return ""
	}
	text, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: slices.Collect(strings.Lines(want)), B: slices.Collect(strings.Lines(got)),
		FromFile: "committed", ToFile: "now", Context: 2,
	})
	if err != nil || text == "" {
		return fmt.Sprintf("committed %q\nnow       %q", want, got)
	}
	return text
}
