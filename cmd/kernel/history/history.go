// Package history remembers the cells that a kernel has run, for fronts that let a
// reader look back: the arrow keys of a console ask for it.
//
//	var h history.History
//	h.Add(1, "x := 6")
//	h.Output(1, "")
//	for _, e := range h.Search("*x*", 10, true) { … }
//
// It knows what Jupyter's protocol asks for, but not how. A kernel has one session: it
// does not remember what earlier kernels ran.
package history

import (
	"regexp"
	"slices"
	"strings"
)

// Session is the number of the only session. Ranges may call it 0, the current one.
const Session = 1

// limit is how many bytes of code and outputs are kept; the oldest cells go first. A
// cell that is larger than that is not kept.
const limit = 16 << 20

// An Entry is a cell that has run, or runs.
type Entry struct {
	Line   int    // its execution count
	Input  string // its code
	Output string // its value as text; empty if it has shown none
}

// A History is a list of cells, in the order in which they began. Its zero value is
// empty. One goroutine at a time may call its methods.
type History struct {
	entries []Entry
	size    int // bytes of all entries; at most limit
}

// Add notes a cell that begins.
func (h *History) Add(line int, input string) {
	h.entries = append(h.entries, Entry{Line: line, Input: input})
	h.grow(len(input))
}

// Output notes the value of the cell that was added last, if line is that cell's.
func (h *History) Output(line int, output string) {
	last := len(h.entries) - 1
	if last >= 0 && h.entries[last].Line == line {
		h.entries[last].Output = output
		h.grow(len(output))
	}
}

func (h *History) grow(bytes int) {
	h.size += bytes
	for h.size > limit {
		h.size -= len(h.entries[0].Input) + len(h.entries[0].Output)
		h.entries = slices.Delete(h.entries, 0, 1)
	}
}

// Tail returns the last n cells, in order.
func (h *History) Tail(n int) []Entry { return last(h.entries, n) }

// Range returns the cells of a session from the line start up to but not including the
// line stop; stop 0 means up to the end. Any session but this one, by its number or as 0,
// is empty.
func (h *History) Range(session, start, stop int) []Entry {
	if session != 0 && session != Session {
		return nil
	}
	var found []Entry
	for _, e := range h.entries {
		if e.Line >= start && (stop <= 0 || e.Line < stop) {
			found = append(found, e)
		}
	}
	return found
}

// Search returns the last n of the cells whose whole code fits a pattern, in order; n 0
// means all. If unique is set, only the last of several equal cells is returned. In a
// pattern * is any text, ? is any character, and [a-z] is one of these; everything else
// stands for itself.
func (h *History) Search(pattern string, n int, unique bool) []Entry {
	fits := compile(pattern)
	var found []Entry
	seen := make(map[string]bool)
	for _, e := range slices.Backward(h.entries) {
		if n > 0 && len(found) == n {
			break
		}
		if fits.MatchString(e.Input) && !(unique && seen[e.Input]) {
			seen[e.Input] = true
			found = append(found, e)
		}
	}
	slices.Reverse(found)
	return found
}

// compile turns a pattern into a regular expression. A set that is never closed, or makes
// no sense, is plain text.
func compile(pattern string) *regexp.Regexp {
	pattern = strings.ToValidUTF8(pattern, "\uFFFD")
	var text strings.Builder
	for rest := pattern; rest != ""; {
		set := set.FindString(rest)
		switch {
		case set != "":
			text.WriteString(set)
			rest = rest[len(set):]
			continue
		case rest[0] == '*':
			text.WriteString(`.*`)
		case rest[0] == '?':
			text.WriteString(`.`)
		default:
			end := strings.IndexAny(rest[1:], "*?[") + 1
			if end == 0 {
				end = len(rest)
			}
			text.WriteString(regexp.QuoteMeta(rest[:end]))
			rest = rest[end:]
			continue
		}
		rest = rest[1:]
	}
	fits, err := regexp.Compile(`(?s)\A` + text.String() + `\z`)
	if err != nil {
		return regexp.MustCompile(`\A` + regexp.QuoteMeta(pattern) + `\z`)
	}
	return fits
}

// set is one of a pattern: [abc], [a-z], [^a].
var set = regexp.MustCompile(`\A\[\^?[^\[\]\\]+\]`)

func last(entries []Entry, n int) []Entry {
	return slices.Clone(entries[len(entries)-max(0, min(n, len(entries))):])
}
