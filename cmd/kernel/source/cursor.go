// cursor.go: what stands at a place in text that is being written. Read words.go first.

package source

import (
	"go/token"
	"slices"
	"strings"
)

// NameAt returns the range, in bytes, of the name that the reader asks about with the
// cursor at a byte of the cell: the one that the cursor touches, Run of l.Ru|n(), or
// otherwise that of the function in whose arguments it stands. start == end means that
// there is none.
func NameAt(code string, cursor int) (start, end int) {
	all, _ := scan(code)
	for _, w := range all {
		if w.token == token.IDENT && w.start <= cursor && cursor <= w.end {
			return w.start, w.end
		}
	}
	before := len(all)
	for before > 0 && all[before-1].end > cursor {
		before--
	}
	for i, depth := before-1, 0; i > 0; i-- {
		depth -= all[i].nesting()
		switch {
		case depth >= 0:
		case all[i].token == token.LBRACE:
			return 0, 0 // a block begins here: its text is about something else
		case all[i].token == token.LPAREN && all[i-1].token == token.IDENT:
			return all[i-1].start, all[i-1].end
		}
	}
	return 0, 0
}

// Closers are the brackets that close what a text leaves open.
func Closers(code string) string {
	words, _ := scan(code)
	var open []string
	for _, w := range words {
		switch w.nesting() {
		case 1:
			open = append(open, map[token.Token]string{token.LPAREN: ")", token.LBRACE: "\n}", token.LBRACK: "]"}[w.token])
		case -1:
			open = open[:max(len(open)-1, 0)]
		}
	}
	slices.Reverse(open)
	return strings.Join(open, "")
}
