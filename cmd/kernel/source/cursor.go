// cursor.go: what stands at a place in text that is being written. Tab and Shift-Tab ask
// that, and "did you mean". Read words.go first.

package source

import "go/token"

// ExpressionAt returns the range, in bytes, of the expression that the reader asks about
// with the cursor at a byte of the cell: the one whose last name the cursor touches, l.Run
// of l.Ru|n(), or otherwise the function in whose arguments it stands. start == end means
// that there is none.
func ExpressionAt(code string, cursor int) (start, end int) {
	all, _ := scan(code)
	for i, w := range all {
		if w.token == token.IDENT && w.start <= cursor && cursor <= w.end {
			return all[primary(all, i)].start, w.end
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
			return all[primary(all, i-1)].start, all[i-1].end
		}
	}
	return 0, 0
}

// ExpressionBefore returns the expression before the dot at the end of the text; empty if
// there is none.
func ExpressionBefore(text string) string {
	all, _ := scan(text)
	last := len(all) - 2
	if last < 0 {
		return ""
	}
	return text[all[primary(all, last)].start:all[last].end]
}

// primary is the first word of the operand that ends with word i: f of f(x)[2].name.
func primary(all []word, i int) int {
	if all[i].nesting() < 0 {
		open := opener(all, i)
		if open == 0 {
			return open
		}
		switch all[open-1].token {
		case token.PERIOD: // x.(T)
			if open > 1 {
				return primary(all, open-2)
			}
		case token.IDENT, token.RPAREN, token.RBRACK:
			return primary(all, open-1)
		}
		return open
	}
	if i > 1 && all[i-1].token == token.PERIOD {
		return primary(all, i-2)
	}
	return i
}

// opener is the bracket that the one at i closes; 0, the first word, if there is none.
func opener(all []word, i int) int {
	for depth := 0; i > 0; i-- {
		if depth -= all[i].nesting(); depth == 0 {
			return i
		}
	}
	return 0
}
