package cell

import (
	"go/scanner"
	"go/token"

	"stepwise/cmd/kernel/cells"
)

// What Shift-Tab and Tab ask about is text that is being written: it seldom
// compiles, and may not even parse. So this file looks at its tokens. scope.go makes
// of them what the interpreter can look at; inspect.go and names.go answer.

// A piece is one token of a cell; it takes the bytes from start to end.
type piece struct {
	tok        token.Token
	text       string
	start, end int
}

// pieces are the tokens of a cell, without comments. The lines of commands at its
// top are left out.
func pieces(code string) []piece {
	_, code = cells.Commands(code)
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	var all []piece
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return all
		}
		start := file.Offset(pos)
		switch {
		case tok == token.SEMICOLON && text == "\n":
			all = append(all, piece{tok, text, start, start})
		case text == "":
			text = tok.String()
			fallthrough
		default:
			all = append(all, piece{tok, text, start, start + len(text)})
		}
	}
}

// asked is the range of the expression that the reader asks about with the cursor
// at a byte of the cell: the one whose last name the cursor touches, l.Run of
// l.Ru|n(), or else the function in whose arguments it stands. start == end means
// that there is none.
func asked(code string, cursor int) (start, end int) {
	all := pieces(code)
	for i, p := range all {
		if p.tok == token.IDENT && p.start <= cursor && cursor <= p.end {
			return all[primary(all, i)].start, p.end
		}
	}
	before := len(all)
	for before > 0 && all[before-1].end > cursor {
		before--
	}
	for i, depth := before-1, 0; i > 0; i-- {
		switch all[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth >= 0 {
				continue
			}
			if all[i].tok == token.LBRACE {
				return 0, 0 // a block begins here: its text is about something else
			}
			if all[i].tok == token.LPAREN && all[i-1].tok == token.IDENT {
				return all[primary(all, i-1)].start, all[i-1].end
			}
		}
	}
	return 0, 0
}

// primary is where the operand begins that ends with token i: f of f(x)[2].name.
func primary(all []piece, i int) int {
	switch all[i].tok {
	case token.RPAREN, token.RBRACK, token.RBRACE:
		open := opener(all, i)
		if open == 0 {
			return open
		}
		switch all[open-1].tok {
		case token.PERIOD: // x.(T)
			if open > 1 {
				return primary(all, open-2)
			}
		case token.IDENT, token.RPAREN, token.RBRACK:
			return primary(all, open-1)
		}
		return open
	}
	if i > 1 && all[i-1].tok == token.PERIOD {
		return primary(all, i-2)
	}
	return i
}

// opener is the bracket that the one at i closes, or the first token.
func opener(all []piece, i int) int {
	depth := 0
	for ; i > 0; i-- {
		switch all[i].tok {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return 0
}
