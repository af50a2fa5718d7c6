// read.go: from the file of a notebook to a Notebook. Read notebook.go first.

package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stepwise/cmd/stepwise/internal/regular"
)

// ErrFormat says that a file is not a notebook of nbformat 4.
var ErrFormat = errors.New("not a notebook of nbformat 4")

func isNotThere(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// Read reads the notebook at path, a regular file or a link to one.
func Read(path string) (*Notebook, error) {
	content, err := regular.ReadFile(path, regular.NoLimit)
	return parse(path, content, err)
}

// ReadIn reads the notebook name below root; no link leads out of root. Its Path is
// the path in the file system, as with Read.
func ReadIn(root *os.Root, name string) (*Notebook, error) {
	content, err := regular.ReadIn(root, name)
	return parse(filepath.Join(root.Name(), name), content, err)
}

func parse(path string, content []byte, err error) (*Notebook, error) {
	if err != nil {
		return nil, fmt.Errorf("reading a notebook: %w", err)
	}
	nb, err := Parse(content)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	nb.Path = path
	return nb, nil
}

// text is a string that a notebook may hold as a list of lines.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var lines []string
	if json.Unmarshal(b, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// The shapes of the file. Parse refuses fields that they don't name, because Write
// would lose them.
type (
	fileNotebook struct {
		Cells         []fileCell     `json:"cells"`
		Metadata      map[string]any `json:"metadata"`
		Nbformat      int            `json:"nbformat"`
		NbformatMinor int            `json:"nbformat_minor"`
	}
	fileCell struct {
		Attachments    map[string]any `json:"attachments"`
		CellType       string         `json:"cell_type"`
		ExecutionCount *int           `json:"execution_count"`
		ID             string         `json:"id"`
		Metadata       map[string]any `json:"metadata"`
		Outputs        []fileOutput   `json:"outputs"`
		Source         text           `json:"source"`
	}
	fileOutput struct {
		Data           map[string]json.RawMessage `json:"data"`
		EName          string                     `json:"ename"`
		EValue         string                     `json:"evalue"`
		ExecutionCount *int                       `json:"execution_count"`
		Metadata       map[string]any             `json:"metadata"`
		Name           string                     `json:"name"`
		OutputType     string                     `json:"output_type"`
		Text           text                       `json:"text"`
		Traceback      []string                   `json:"traceback"`
	}
)

// Parse reads a notebook from its file's content.
func Parse(content []byte) (*Notebook, error) {
	var file fileNotebook
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if file.Nbformat != 4 {
		return nil, fmt.Errorf("%w, but of nbformat %d", ErrFormat, file.Nbformat)
	}
	nb := &Notebook{Metadata: file.Metadata, Nbformat: file.Nbformat, NbformatMinor: file.NbformatMinor}
	for _, c := range file.Cells {
		cell := Cell{ID: c.ID, Type: c.CellType, Source: string(c.Source), Metadata: c.Metadata,
			ExecutionCount: c.ExecutionCount, Attachments: c.Attachments}
		for _, o := range c.Outputs {
			output, err := o.output()
			if err != nil {
				return nil, fmt.Errorf("cell %s: %w", c.ID, err)
			}
			cell.Outputs = append(cell.Outputs, output)
		}
		nb.Cells = append(nb.Cells, cell)
	}
	return nb, nil
}

func (o fileOutput) output() (Output, error) {
	out := Output{Type: o.OutputType, Name: o.Name, Text: string(o.Text), Metadata: o.Metadata,
		ExecutionCount: o.ExecutionCount, EName: o.EName, EValue: o.EValue, Traceback: o.Traceback}
	for mime, raw := range o.Data {
		if out.Data == nil {
			out.Data = make(map[string]any)
		}
		var s text
		var value any
		var err error
		if isJSON(mime) {
			err = json.Unmarshal(raw, &value)
		} else {
			err = json.Unmarshal(raw, &s)
			value = string(s)
		}
		if err != nil {
			return out, fmt.Errorf("%w: output of type %s: %w", ErrFormat, mime, err)
		}
		out.Data[mime] = value
	}
	return out, nil
}

// isJSON reports whether nbformat stores data of that type as JSON, not as text.
func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}
