package player

// Running a notebook without a reader, to compare its outputs with the committed ones.

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"stepwise/cmd/kernel/cell"
	"stepwise/cmd/kernel/display"
	"stepwise/cmd/stepwise/internal/notebook"
)

// record runs nb from top to bottom and returns a copy of it with the new outputs, as
// a notebook.Runner does with Jupyter. It fails with a *notebook.CellError at the
// first cell that doesn't end as it should. It replaces os.Stdout and os.Stderr while
// it runs, so a process may run only one record at a time. Cells run in the current
// folder.
func record(nb *notebook.Notebook) (*notebook.Notebook, error) {
	session, err := cell.New()
	if err != nil {
		return nil, err
	}
	r, err := newRecorder()
	if err != nil {
		return nil, err
	}
	defer r.close()
	fresh := *nb
	fresh.Cells = append([]notebook.Cell(nil), nb.Cells...)
	number := 0
	for i := range fresh.Cells {
		c := &fresh.Cells[i]
		if !runs(c) {
			continue
		}
		number++
		result := session.Run(c.Source, number)
		c.Outputs = r.take(result)
		if err := verdict(nb, i, result.Failure); err != nil {
			return nil, err
		}
	}
	return &fresh, nil
}

// recorder collects what cells print and show. The streams go into files: unlike
// pipes, these never fill up, and a goroutine may print to them after its cell has
// ended.
type recorder struct {
	mu       sync.Mutex // display.Show may be called from any goroutine
	streams  []*stream  // stdout, stderr
	outputs  []notebook.Output
	shown    map[string]map[string]any // by display_id: the Data of an output, which Update changes in place
	was, err *os.File                  // os.Stdout and os.Stderr, put back by close
}

type stream struct {
	name string
	file *os.File
	at   int64 // what comes before has been taken
}

func newRecorder() (*recorder, error) {
	r := &recorder{shown: make(map[string]map[string]any), was: os.Stdout, err: os.Stderr}
	for _, name := range []string{"stdout", "stderr"} {
		file, err := os.CreateTemp("", "stepwise-"+name+"-")
		if err != nil {
			return nil, fmt.Errorf("recording what cells print: %w", err)
		}
		_ = os.Remove(file.Name()) // the file is gone once it is closed
		r.streams = append(r.streams, &stream{name: name, file: file})
	}
	os.Stdout, os.Stderr = r.streams[0].file, r.streams[1].file
	display.SetScreen(r)
	return r, nil
}

func (r *recorder) close() {
	os.Stdout, os.Stderr = r.was, r.err
	display.SetScreen(terminal{})
	for _, s := range r.streams {
		_ = s.file.Close()
	}
}

// take returns the outputs of the cell that ended with result.
func (r *recorder) take(result cell.Result) []notebook.Output {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain()
	if len(result.Value.Data) > 0 {
		r.outputs = append(r.outputs, notebook.Output{Type: "execute_result", Data: asJSON(result.Value.Data), Metadata: asJSON(result.Value.Metadata)})
	}
	if f := result.Failure; f != nil {
		r.outputs = append(r.outputs, notebook.Output{Type: "error", EName: f.Name, EValue: f.Value, Traceback: strings.Split(f.String(), "\n")})
	}
	outputs := r.outputs
	r.outputs = nil
	return outputs
}

// drain turns what was printed since the last call into outputs. The caller holds the
// lock.
func (r *recorder) drain() {
	for _, s := range r.streams {
		text, err := io.ReadAll(io.NewSectionReader(s.file, s.at, 1<<62))
		if err != nil {
			text = append(text, "reading it back: "+err.Error()...)
		}
		if len(text) > 0 {
			s.at += int64(len(text))
			r.outputs = append(r.outputs, notebook.Output{Type: "stream", Name: s.name, Text: strings.ToValidUTF8(string(text), "\uFFFD")})
		}
	}
}

// Show is called by package display for what a cell shows before it ends.
func (r *recorder) Show(data display.Data) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain()
	o := notebook.Output{Type: "display_data", Data: asJSON(data.Data), Metadata: asJSON(data.Metadata)}
	r.outputs = append(r.outputs, o)
	if id, ok := data.Transient["display_id"].(string); ok {
		r.shown[id] = o.Data
	}
	return nil
}

// Update is called by package display to change in place what was shown.
func (r *recorder) Update(data display.Data) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, _ := data.Transient["display_id"].(string)
	shown, ok := r.shown[id]
	if !ok {
		return fmt.Errorf("updating %q: nothing with that id was shown", id)
	}
	clear(shown)
	for mime, content := range asJSON(data.Data) {
		shown[mime] = content
	}
	return nil
}

// asJSON returns data as a notebook's file has it.
func asJSON(data map[string]any) map[string]any {
	out := make(map[string]any, len(data))
	for mime, content := range data {
		var plain any
		text, err := json.Marshal(content)
		if err == nil {
			err = json.Unmarshal(text, &plain)
		}
		if err != nil {
			plain = fmt.Sprint(content)
		}
		out[mime] = plain
	}
	return out
}
