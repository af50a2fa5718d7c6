package probe

import (
	"runtime/debug"
	"strings"
)

// Stack is the stack of the goroutine that calls it, as debug.Stack has it, without the
// frames of the interpreter that runs a notebook's cells. Any goroutine may call it.
func Stack() []byte { return []byte(WithoutInterpreter(string(debug.Stack()))) }

// WithoutInterpreter takes the frames of the interpreter out of a text that ends with a
// stack: what runs a cell, what reflect does on its behalf, and whatever has called the
// outermost of these. A text without such frames comes back as it is.
func WithoutInterpreter(text string) string {
	last := strings.LastIndex(text, "\n"+interpreterModule+"/")
	if last < 0 {
		return text
	}
	var kept strings.Builder
	hidden := false
	for line := range strings.Lines(text[:last+1]) {
		if !strings.HasPrefix(line, "\t") { // a frame's place follows its function
			hidden = Interpreted(line) || strings.HasPrefix(line, "reflect.")
		}
		if !hidden {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
