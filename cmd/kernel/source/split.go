// split.go: a cell is not a Go file. It mixes imports, declarations and statements. So it
// is cut wherever Go's grammar puts a semicolon outside all brackets, and each part is
// wrapped into a file of its own. Read words.go first.

package source

import (
	"fmt"
	"go/token"
	"strings"
)

// A Part is a declaration or a statement that stands in a cell outside all functions.
type Part struct {
	Kind         token.Token // of a declaration, its keyword; of a statement, token.ILLEGAL
	Text         string
	Line, Column int  // where it begins, counted from 1; the column in bytes
	Hoisted      bool // a variable of a whole program: it is there before all statements
}

// IsStatement reports whether the part belongs into a function: a variable is there once
// what stands above it has run.
func (p Part) IsStatement() bool {
	return p.Kind == token.ILLEGAL || p.Kind == token.VAR && !p.Hoisted
}

// File is the part as a file of Go, in which a comment tells the parser where the part
// stands; name is that of the cell. end is the byte of the file at which the part ends.
func (p Part) File(name string) (text string, end int) {
	text = fmt.Sprintf("/*line %s:%d:%d*/%s\n", name, p.Line, p.Column, p.Text)
	if !p.IsStatement() {
		text = "package main; " + text
		return text, len(text)
	}
	text = "package main; func _() { " + text
	return text + "}", len(text)
}

// Parts cuts a cell into its parts, wherever Go's grammar puts a semicolon outside all
// brackets. It need not be Go.
func Parts(source string) []Part {
	var parts []Part
	cut(source, func(words []word, offset int) {
		begin := words[0].start
		column := begin - strings.LastIndexByte(source[:begin], '\n')
		parts = append(parts, Part{Kind: kindOf(words), Text: source[begin:offset], Line: words[0].line, Column: column})
	})
	return parts
}

// cut calls found for each piece of a cell, with its words and the byte behind it.
func cut(source string, found func(words []word, offset int)) {
	words, _ := scan(source)
	begin, depth := 0, 0
	header := false  // between for, if or switch and its block, where semicolons belong to it
	literal := false // the next brace there is that of a value: []int{1}, func() {}
	cut := func(end, offset int) {
		if begin < end {
			found(words[begin:end], offset)
		}
		begin, depth = end+1, 0 // also after a bracket too many
	}
	for i, w := range words {
		switch w.token {
		case token.FOR, token.IF, token.SWITCH:
			header = header || depth == 0
		case token.FUNC, token.LBRACK, token.MAP, token.STRUCT:
			literal = literal || header && depth == 0 && !words[i-1].ends()
		case token.LBRACE:
			if depth == 0 {
				header, literal = header && literal, false
			}
		case token.SEMICOLON:
			if depth <= 0 && !header {
				cut(i, w.start)
			}
		}
		depth += w.nesting()
	}
	cut(len(words), len(source))
}

// ends reports whether an operand may end with a word: what follows it in brackets is an
// index, and no type.
func (w word) ends() bool {
	switch w.token {
	case token.IDENT, token.INT, token.STRING, token.RPAREN, token.RBRACK, token.RBRACE:
		return true
	}
	return false
}

// kindOf returns a declaration's keyword, and token.ILLEGAL for a statement. A piece that
// begins with func is a declaration only if a name follows func or the receiver;
// otherwise it begins with a function literal.
func kindOf(words []word) token.Token {
	switch first := words[0].token; first {
	case token.IMPORT, token.CONST, token.VAR, token.TYPE:
		return first
	case token.FUNC:
	default:
		return token.ILLEGAL
	}
	depth := 0
	for i, w := range words[1:] {
		switch {
		case w.token == token.LPAREN:
			depth++
		case w.token == token.RPAREN:
			depth--
		case depth > 0:
		case w.token != token.IDENT:
			return token.ILLEGAL
		case i == 0 || i+2 == len(words) || words[i+2].token == token.LPAREN || words[i+2].token == token.LBRACK:
			return token.FUNC
		default:
			return token.ILLEGAL // a literal's result
		}
	}
	return token.ILLEGAL
}
