// advice.go: what to write instead, once the interpreter has refused a cell that is Go, or
// panicked in one. Package limits has what can be said before.

package source

import (
	"regexp"
	"strings"
)

// The interpreter's words are often right and seldom helpful. A hint is one sentence
// below the error: what the kernel can't do, and what to write instead. The first that
// fits is used, so the narrow ones come first.
var hints = []struct {
	fits *regexp.Regexp // the interpreter's error
	says string
}{
	{regexp.MustCompile(`cell\.Input>.* <\*os\.File>`),
		"In cells, os.Stdin asks the reader for lines and is no *os.File: take an io.Reader there."},
	{regexp.MustCompile(`not a type: \w+\.|has no symbol`),
		"The package has no such name for cells: exported names begin with a capital."},
	{regexp.MustCompile(`interpreter can't compile this`),
		"The interpreter stumbled over it: split the line into smaller ones; a declared type is best alone in its cell."},
}

// Advise returns the sentence that helps with an error of the interpreter; empty if there
// is none.
func Advise(message string) string {
	for _, h := range hints {
		if h.fits.MatchString(message) {
			return h.says
		}
	}
	return ""
}

// panicHints are the hints for what a cell panics with.
var panicHints = []struct{ fits, says string }{
	{"index out of range", "The first element has the index 0, the last one len(s)-1."},
	{"invalid memory address or nil pointer dereference", "A pointer, function or interface was used that is still nil: nothing was assigned to it."},
	{"assignment to entry in nil map", "The map was declared and never made: m := map[string]int{}, or make."},
}

// AdvisePanic returns the sentence that helps with a panic; empty if there is none.
func AdvisePanic(message string) string {
	for _, h := range panicHints {
		if strings.Contains(message, h.fits) {
			return h.says
		}
	}
	return ""
}
