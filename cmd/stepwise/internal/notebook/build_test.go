// build_test.go: small notebooks for the tests of this package.

package notebook

// sample returns a notebook with these cells that otherwise has no faults.
func sample(cells ...Cell) *Notebook {
	nb := &Notebook{Path: "09-send.ipynb", Metadata: metadata(), Nbformat: 4, NbformatMinor: 5, Cells: cells}
	count := 0
	for i := range nb.Cells {
		if c := &nb.Cells[i]; c.IsCode() && !c.Has(TagSkip) {
			count++
			n := count
			c.ExecutionCount = &n
		}
	}
	return nb
}

func prose(id, source string) Cell {
	return Cell{ID: id, Type: "markdown", Source: source, Metadata: map[string]any{}}
}

func code(id, source string, outputs ...Output) Cell {
	return Cell{ID: id, Type: "code", Source: source, Outputs: outputs, Metadata: map[string]any{}}
}

func tagged(c Cell, tags ...any) Cell {
	c.Metadata = map[string]any{"tags": tags}
	return c
}

func masked(c Cell, patterns ...any) Cell {
	c.Metadata = map[string]any{"mask": patterns}
	return c
}

func stdout(text string) Output { return Output{Type: "stream", Name: "stdout", Text: text} }
func stderr(text string) Output { return Output{Type: "stream", Name: "stderr", Text: text} }

func display(mime, text string) Output {
	return Output{Type: "display_data", Data: map[string]any{mime: text}}
}

func failure(name, value string) Output {
	return Output{Type: "error", EName: name, EValue: value, Traceback: []string{value}}
}
