// write.go: the file of a notebook, byte for byte as Jupyter writes it (sorted keys,
// one space of indent, long texts as lists of lines). So a notebook that a reader
// saved differs from ours only in what they changed. Read read.go first.

package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"stepwise/cmd/stepwise/internal/regular"
	"strings"
)

// Write writes the notebook's file, as a whole or not at all. If path is a link, Write
// replaces the file that the link leads to.
func (nb *Notebook) Write(path string) error {
	if err := nb.write(path); err != nil {
		return fmt.Errorf("writing a notebook: %w", err)
	}
	return nil
}

func (nb *Notebook) write(path string) error {
	mode := os.FileMode(0o644)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	return regular.WriteFile(path, nb.Bytes(), mode)
}

// Bytes returns the file's content.
func (nb *Notebook) Bytes() []byte {
	cells := make([]any, 0, len(nb.Cells))
	for i := range nb.Cells {
		cells = append(cells, nb.Cells[i].file(nb.NbformatMinor))
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err := encoder.Encode(map[string]any{
		"cells": cells, "metadata": orEmpty(nb.Metadata), "nbformat": nb.Nbformat, "nbformat_minor": nb.NbformatMinor})
	if err != nil {
		panic("notebook: what was read as JSON could not be written as JSON: " + err.Error())
	}
	return unescape(out.Bytes())
}

func (c *Cell) file(minor int) map[string]any {
	file := map[string]any{"cell_type": c.Type, "metadata": orEmpty(c.Metadata), "source": lines(c.Source)}
	if minor >= 5 {
		file["id"] = c.ID
	}
	if c.Attachments != nil {
		file["attachments"] = c.Attachments
	}
	if c.IsCode() {
		outputs := make([]any, 0, len(c.Outputs))
		for _, o := range c.Outputs {
			outputs = append(outputs, o.file())
		}
		file["execution_count"], file["outputs"] = c.ExecutionCount, outputs
	}
	return file
}

func (o Output) file() map[string]any {
	switch o.Type {
	case "stream":
		return map[string]any{"output_type": o.Type, "name": o.Name, "text": lines(o.Text)}
	case "error":
		return map[string]any{"output_type": o.Type, "ename": o.EName, "evalue": o.EValue, "traceback": append([]string{}, o.Traceback...)}
	}
	data := make(map[string]any)
	for mime, value := range o.Data {
		if s, ok := value.(string); ok && isLines(mime) {
			value = lines(s)
		}
		data[mime] = value
	}
	file := map[string]any{"output_type": o.Type, "data": data, "metadata": orEmpty(o.Metadata)}
	if o.Type == "execute_result" {
		file["execution_count"] = o.ExecutionCount
	}
	return file
}

// isLines reports whether a string of that type is stored as a list of lines.
func isLines(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript"
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// lines splits s after each end of line, as Python's splitlines(True) does.
func lines(s string) []string {
	list := []string{}
	start := 0
	for i, r := range s {
		crlf := r == '\r' && strings.HasPrefix(s[i:], "\r\n")
		if crlf || !strings.ContainsRune("\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029", r) {
			continue
		}
		end := i + len(string(r))
		list = append(list, s[start:end])
		start = end
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}

// unescape restores the two separators that encoding/json escapes for JavaScript and
// Jupyter doesn't. It skips the byte after a backslash, so that the text `\\u2028`
// stays what it is.
func unescape(b []byte) []byte {
	var out bytes.Buffer
	for len(b) > 0 {
		switch {
		case b[0] != '\\':
			out.WriteByte(b[0])
			b = b[1:]
		case bytes.HasPrefix(b, []byte(`\u2028`)):
			out.WriteString("\u2028")
			b = b[6:]
		case bytes.HasPrefix(b, []byte(`\u2029`)):
			out.WriteString("\u2029")
			b = b[6:]
		default:
			out.Write(b[:2])
			b = b[2:]
		}
	}
	return out.Bytes()
}
