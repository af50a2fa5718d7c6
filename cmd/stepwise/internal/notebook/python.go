// python.go: the Python that stands beside the Go. A lesson shows it in a
// fenced block of a markdown cell, and right below it, in a block of text, what
// it prints; a test runs it. Read prose.go first.

package notebook

import "strings"

// Snippet is Python in a lesson, and what it is said to print.
type Snippet struct {
	Cell   int // its index
	Source string
	Prints string
}

// Snippets are those of nb, in order.
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

// python wants each block of Python to be followed by what it prints.
func (l *linter) python() {
	for i := range l.nb.Cells {
		blocks := fenced(&l.nb.Cells[i])
		for n, b := range blocks {
			if b.language == "python" && (n+1 == len(blocks) || blocks[n+1].language != "text") {
				l.add(i, "the Python has no block ```text behind it that says what it prints")
			}
		}
	}
}

type fencedBlock struct{ language, text string }

// fenced are the fenced blocks of a markdown cell.
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
