package probe

import (
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
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

// Stacks lists the stacks of all goroutines, as runtime.Stack does, cut off at 16 MB. It
// stops the world, and begins with the size that was enough the last time, since each
// attempt stops it anew. Any goroutine may call it.
func Stacks() string {
	for size := max(1<<16, lastSize.Load()); ; size *= 2 {
		p := make([]byte, size)
		if n := runtime.Stack(p, true); int64(n) < size || size >= 16<<20 {
			lastSize.Store(size)
			return string(p[:n])
		}
	}
}

var lastSize atomic.Int64
