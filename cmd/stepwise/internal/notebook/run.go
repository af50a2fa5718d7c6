// run.go: executing a notebook in real Jupyter. nbclient does the work, in run.py;
// this file starts it and turns its verdict into errors. Read notebook.go and run.py
// first.

package notebook

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"stepwise/cmd/stepwise/internal/child"
	"stepwise/internal/progress"
)

//go:embed run.py
var runner string

// CellTimeout is how long a cell may run. The course's slowest cells take a few
// seconds; a cell that takes longer than this waits for something that never comes.
const CellTimeout = 90 * time.Second

var (
	ErrTimeout  = errors.New("ran longer than allowed")
	ErrDied     = errors.New("the kernel ended")
	ErrRaised   = errors.New("failed")
	ErrNoRaise  = errors.New("is tagged " + TagRaises + " but did not fail")
	ErrNoKernel = errors.New("no kernel " + KernelName + " is known to Jupyter")
)

// kinds has nbclient's and jupyter_client's names for these errors.
var kinds = map[string]error{
	"CellTimeoutError":   ErrTimeout,
	"DeadKernelError":    ErrDied,
	"CellExecutionError": ErrRaised,
	"NoSuchKernel":       ErrNoKernel,
}

// CellError says which cell of which notebook did not run as it should, and why.
type CellError struct {
	Notebook string
	Number   int    // counted from 1, with the prose cells, as a reader counts; 0: no cell had begun
	ID       string // nbformat's
	Line     string // the first of its source
	Err      error  // one of those above
	Message  string // Jupyter's words
}

func (e *CellError) Error() string {
	text := fmt.Sprintf("%s: %v", e.Notebook, e.Err)
	if e.Number > 0 {
		text = fmt.Sprintf("%s: cell %d (%s) %v: %s", e.Notebook, e.Number, e.ID, e.Err, e.Line)
	}
	if e.Message != "" {
		text += "\n    " + strings.ReplaceAll(strings.TrimSpace(e.Message), "\n", "\n    ")
	}
	return text
}

func (e *CellError) Unwrap() error { return e.Err }

// Runner knows how to start Jupyter. The zero value of Timeout is CellTimeout.
type Runner struct {
	Python  string   // one that has nbclient
	Env     []string // JUPYTER_PATH to the kernelspec
	Timeout time.Duration
}

// Run executes nb from top to bottom in a new kernel, in nb's folder, and returns a
// copy of nb with the new outputs. It doesn't change nb or its file.
//
// It fails with a *CellError if a cell fails or runs too long, if a cell that is
// tagged raises-exception doesn't fail, if the kernel ends, or if there is no kernel.
// If ctx ends first, the error is ctx's cause.
func (r Runner) Run(ctx context.Context, nb *Notebook) (*Notebook, error) {
	temporary, err := os.MkdirTemp("", "stepwise-run-")
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", nb.Path, err)
	}
	defer os.RemoveAll(temporary)
	script, in, out := filepath.Join(temporary, "run.py"), filepath.Join(temporary, "in.ipynb"), filepath.Join(temporary, "out.ipynb")
	if err := os.WriteFile(script, []byte(runner), 0o600); err != nil {
		return nil, fmt.Errorf("running %s: %w", nb.Path, err)
	}
	if err := nb.Write(in); err != nil {
		return nil, err
	}
	answer, err := child.Output(ctx, child.Program{Name: r.Python, Env: append(slices.Clone(r.Env), progress.Off+"=1"),
		Args: []string{script, in, out, filepath.Dir(nb.Path), KernelName, strconv.Itoa(r.seconds())}})
	if err != nil {
		return nil, fmt.Errorf("running %s: %w", nb.Path, err)
	}
	if err := verdict(nb, answer); err != nil {
		return nil, err
	}
	fresh, err := Read(out)
	if err != nil {
		return nil, fmt.Errorf("running %s: reading what Jupyter wrote: %w", nb.Path, err)
	}
	fresh.Path = nb.Path
	return fresh, raised(fresh)
}

func (r Runner) seconds() int {
	timeout := r.Timeout
	if timeout == 0 {
		timeout = CellTimeout
	}
	return int((timeout + time.Second - 1) / time.Second)
}

// verdict reads run.py's last line. The lines before it are what the kernel printed
// to the terminal.
func verdict(nb *Notebook, answer string) error {
	lines := strings.Split(strings.TrimSpace(answer), "\n")
	var said struct {
		Cell          int
		Kind, Message string
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &said); err != nil {
		return fmt.Errorf("running %s: Jupyter's answer %q: %w", nb.Path, answer, err)
	}
	if said.Kind == "" {
		return nil
	}
	kind, known := kinds[said.Kind]
	if !known {
		kind = errors.New(said.Kind)
	}
	return NewCellError(nb, said.Cell, kind, said.Message)
}

// raised checks that cells that are tagged to fail have failed: otherwise a lesson on
// an error would pass without the error.
func raised(nb *Notebook) error {
	for i := range nb.Cells {
		c := &nb.Cells[i]
		if !c.IsCode() || !c.Has(TagRaises) || c.Has(TagSkip) {
			continue
		}
		if !slices.ContainsFunc(c.Outputs, func(o Output) bool { return o.Type == "error" }) {
			return NewCellError(nb, i, ErrNoRaise, "")
		}
	}
	return nil
}

// NewCellError returns a CellError for the cell at index; if index is negative, no
// cell had begun.
func NewCellError(nb *Notebook, index int, err error, message string) *CellError {
	e := &CellError{Notebook: nb.Path, Err: err, Message: message}
	if index >= 0 && index < len(nb.Cells) {
		e.Number, e.ID, e.Line = index+1, nb.Cells[index].ID, nb.Cells[index].FirstLine()
	}
	return e
}
