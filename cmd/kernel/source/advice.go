// advice.go: what to write instead, once the interpreter has refused a cell that is Go, or
// panicked in one. Package limits has what can be said before.

package source

import (
	"regexp"
	"strings"
)

// The interpreter's words are often right and seldom helpful: it says "not a package" of
// a variable if it has lost the methods of the variable's type. A hint is one sentence
// below the error: what the kernel can't do, and what to write instead. The first that
// fits is used, so the narrow ones come first.
var hints = []struct {
	fits *regexp.Regexp // the interpreter's error
	says string
}{
	{regexp.MustCompile(`expected '\(', found '\['|expected '\]', found 'IDENT'|generic`),
		"Cells can't declare generic functions or types: write it for the one type you need, or with interface{}."},
	{regexp.MustCompile(`cannot range over .* <func`),
		"Cells can't range over a function: call it, with what the loop's body does as its yield: seq(func(x int) bool { …; return true })."},
	{regexp.MustCompile(`cannot range over .* <u?int`),
		"Cells can't range over a number: write for i := 0; i < n; i++."},
	{regexp.MustCompile(`undefined identifier: (min|max)$`),
		"Cells have no min and max: write an if."},
	{regexp.MustCompile(`undefined identifier: clear$`),
		"Cells have no clear: for a map, write for k := range m { delete(m, k) }."},
	{regexp.MustCompile(`cell\.Input>.* <\*os\.File>`),
		"In cells, os.Stdin asks the reader for lines and is no *os.File: take an io.Reader there."},
	{regexp.MustCompile(`declaration loop`),
		"The interpreter takes a name inside of a function for the same name outside: give one of them another, or put the two into cells of their own."},
	{regexp.MustCompile(`not a package: |invalid qualified type, expecting packagename`),
		"It has no such field or method. If its type mentions itself, as in next *T or func(*T), the interpreter loses its methods: write a function that takes the value, or use func() in such a field."},
	{regexp.MustCompile(`not a type: \w+\.|has no symbol`),
		"The package has no such name for cells: exported names begin with a capital, and generic functions are left out."},
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
	{"errors: *target must be interface or implement error", "errors.As can't use a type that a cell declares: compare with errors.Is, or put the type into a package under pkg."},
	{"slice index out of range", "The first element has the index 0, the last one len(s)-1."},
	{"invalid memory address or nil pointer dereference", "A pointer, function or interface was used that is still nil: nothing was assigned to it."},
	{"on zero Value", "A pointer was used that is still nil: nothing was assigned to it."}, // the interpreter's words for the same
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

// Instead says what to write instead of a package that can't be imported because all of
// it is generic; empty for any other package.
func Instead(path string) string { return insteadOf[path] }

var insteadOf = map[string]string{
	"iter":   "write a function that takes its yield, or use stepwise/pkg/coro",
	"slices": "use sort, or a loop",
	"maps":   "use a loop",
	"cmp":    "compare with < and ==",
}
