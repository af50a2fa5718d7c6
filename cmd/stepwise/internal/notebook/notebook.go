// Package notebook reads, runs, compares and writes the course's notebooks.
//
// Readers see the committed outputs, so these must be true: Run executes the
// notebook in real Jupyter, Compare finds outputs that differ from the committed
// ones, and Lint checks the rest.
//
//	nb, err := notebook.Read("notebooks/09-send.ipynb")
//	…
//	fresh, err := runner.Run(ctx, nb)
//	for _, d := range notebook.Compare(nb, fresh) {
//		fmt.Println(d)
//	}
//
// Order of reading: notebook.go (what a notebook is), read.go and write.go (its
// file), run.go and run.py, render.go, mask.go, compare.go, lint.go, refresh.go,
// folded.go, quote.go, level.go, python.go.
package notebook

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// KernelName is the kernelspec that every notebook of the course asks for.
const KernelName = "gophernotes"

// Tags that a cell may carry. The first two are Jupyter's own.
const (
	TagRaises   = "raises-exception" // the cell must fail
	TagSkip     = "skip-execution"   // the cell is shown, not run; its outputs stay
	TagPredict  = "predict"          // what it shows stays folded until the reader has predicted it
	TagSolution = "solution"         // its code stays folded until the reader has tried it
)

// Notebook is a file of nbformat 4.5.
type Notebook struct {
	Path          string `json:"-"` // where it was read
	Cells         []Cell
	Metadata      map[string]any
	Nbformat      int
	NbformatMinor int
}

// Cell is a piece of prose or code.
type Cell struct {
	ID             string
	Type           string // code, markdown, raw
	Source         string
	Metadata       map[string]any
	ExecutionCount *int           // code only; nil: not run
	Outputs        []Output       // code only
	Attachments    map[string]any // markdown only
}

// Output is one thing that a cell showed. Type decides which fields are set.
type Output struct {
	Type           string
	Name           string         // stream: stdout or stderr
	Text           string         // stream
	Data           map[string]any // display_data, execute_result: by MIME type; a string, or JSON
	Metadata       map[string]any // display_data, execute_result
	ExecutionCount *int           // execute_result
	EName, EValue  string         // error
	Traceback      []string       // error
}

// Name returns the file's name without its extension: "09-send".
func (nb *Notebook) Name() string { return NameOf(nb.Path) }

// NameOf returns the name of the notebook at path: "09-send".
func NameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), ".ipynb") }

// IsCode reports whether the cell holds code.
func (c *Cell) IsCode() bool { return c.Type == "code" }

// Has reports whether the cell carries the tag.
func (c *Cell) Has(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// FirstLine returns the first line of the source that is not blank.
func (c *Cell) FirstLine() string {
	line, _, _ := strings.Cut(strings.TrimSpace(c.Source), "\n")
	return line
}

// Find lists the notebooks in dir and its folders, in order. It skips Jupyter's own
// copies (.ipynb_checkpoints) and other hidden folders. If dir doesn't exist, there
// are none.
func Find(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, ".ipynb"):
			found = append(found, path)
		}
		return nil
	})
	if err != nil && !isNotThere(err) {
		return nil, fmt.Errorf("looking for notebooks: %w", err)
	}
	return found, nil
}
