// python.go: Python beside the Go. A lesson shows it in a fenced block of a markdown
// cell, followed by a block of text with what it prints. A test runs it. Read
// prose.go first.

package notebook

// python requires each block of Python to be followed by what it prints.
func (l *linter) python() {
	for i := range l.nb.Cells {
		blocks := blocksOf(&l.nb.Cells[i])
		for n, b := range blocks {
			if b.language == "python" && (n+1 == len(blocks) || blocks[n+1].language != "text") {
				l.add(i, "the Python is not followed by a block ```text that says what it prints")
			}
		}
	}
}

// blocksOf returns the fenced blocks of a markdown cell.
func blocksOf(c *Cell) []fencedBlock {
	if c.Type != "markdown" {
		return nil
	}
	blocks, _ := fenced(c.Source)
	return blocks
}
