// python.go: Python beside the Go. A lesson shows it in a fenced block of a markdown
// cell, followed by a block of text with what it prints. A test runs it. Read
// prose.go first.

package notebook

import "strings"

// Snippet is Python in a lesson, with what the lesson says it prints.
type Snippet struct {
	Cell   int // its index
	Source string
	Prints string
}

// Snippets returns the snippets of nb, in order.
func Snippets(nb *Notebook) []Snippet {
	var all []Snippet
	for i := range nb.Cells {
		blocks := fenced(&nb.Cells[i])
		for n, b := range blocks {
			if b.language == "python" && n+1 < len(blocks) && blocks[n+1].language == "text" {
				all = append(all, Snippet{i, b.text, blocks[n+1].text})
			}
		}
	}
	return all
}

// python requires each block of Python to be followed by what it prints.
func (l *linter) python() {
	for i := range l.nb.Cells {
		blocks := fenced(&l.nb.Cells[i])
		for n, b := range blocks {
			if b.language == "python" && (n+1 == len(blocks) || blocks[n+1].language != "text") {
				l.add(i, "the Python is not followed by a block ```text that says what it prints")
			}
		}
	}
}

type fencedBlock struct{ language, text string }

// fenced returns the fenced blocks of a markdown cell.
func fenced(c *Cell) []fencedBlock {
	if c.Type != "markdown" {
		return nil
	}
	var all []fencedBlock
	open := ""
	for _, line := range strings.SplitAfter(c.Source, "\n") {
		mark := ""
		if match := fence.FindStringSubmatch(line); match != nil {
			mark = match[1]
		}
		switch {
		case open == "" && mark != "":
			open = mark
			all = append(all, fencedBlock{language: strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "`~"))})
		case open != "" && strings.HasPrefix(mark, open):
			open = ""
		case open != "":
			all[len(all)-1].text += line
		}
	}
	return all
}
