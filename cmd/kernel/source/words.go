// words.go: every reader of a cell begins with its words. Text that is being written
// seldom compiles, and may not even parse, but it always has words.

package source

import (
	"cmp"
	"go/scanner"
	"go/token"
)

// A word is one token of a cell; it takes the bytes from start to end.
type word struct {
	token      token.Token
	text       string
	start, end int // equal for the semicolon that Go puts at a line's end
	line       int // counted from 1
}

// nesting is 1 for a bracket that opens, -1 for one that closes, 0 for any other word.
func (w word) nesting() int {
	switch w.token {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		return 1
	case token.RPAREN, token.RBRACK, token.RBRACE:
		return -1
	}
	return 0
}

// scan returns the words of a cell, without its comments and the commands at its top.
// wrong is the first thing that the scanner complains of; empty if there is none.
func scan(code string) (words []word, wrong string) {
	_, code = Commands(code)
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(_ token.Position, message string) {
		wrong = cmp.Or(wrong, message)
	}, 0)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return words, wrong
		}
		w := word{token: tok, text: text, start: file.Offset(pos), line: file.Line(pos)}
		if text == "" {
			w.text = tok.String()
		}
		w.end = w.start + len(w.text)
		if tok == token.SEMICOLON && text == "\n" {
			w.end = w.start
		}
		words = append(words, w)
	}
}
