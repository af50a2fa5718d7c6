// advice.go: a plain sentence below the compiler's words.

package check

import (
	"go/types"
	"strings"
)

var advices = []struct{ in, says string }{
	{"declared and not used", "A variable inside a function must be used: remove it, or write _ = and its name."},
}

// adviceFor is the sentence that helps with an error.
func adviceFor(message string) string {
	for _, a := range advices {
		if strings.Contains(message, a.in) {
			return a.says
		}
	}
	return ""
}

func (p *pass) suggest(e types.Error) string { return "" }
