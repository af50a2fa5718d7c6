// before.go: a cell up to a place in it, in a form that Go's parser takes. Read words.go
// first.

package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// Cursor is the name that Before puts where the cursor is. No reader would choose it.
const Cursor = "stepwise_kernel_here"

const head = "package p\nfunc _() {\n"

// Before returns what a cell says before its byte place, as the body of a function: the
// cell's own functions are variables there, and what is open at place is closed. at is
// where Cursor stands in the file. imports are the aliases of the packages that the cell
// imports, by path. file holds what Go could parse, and may be nil.
func Before(code string, place int) (file *ast.File, at token.Pos, imports map[string]string) {
	words, _ := scan(code)
	body, imports := straighten(words, place)
	file, _ = parser.ParseFile(token.NewFileSet(), "", head+body, parser.SkipObjectResolution|parser.AllErrors)
	if file == nil {
		return nil, token.NoPos, imports
	}
	return file, file.FileStart + token.Pos(strings.Index(head+body, Cursor)), imports
}

// straighten makes a function's body of the words before a place: the cell's functions
// become variables, its imports are taken out, and what is open is closed.
func straighten(all []word, place int) (body string, paths map[string]string) {
	paths = make(map[string]string)
	var text, closers strings.Builder
	var open []token.Token
	for i := 0; i < len(all); i++ {
		w := all[i]
		atStart := len(open) == 0 && (i == 0 || all[i-1].token == token.SEMICOLON)
		switch {
		case atStart && w.token == token.IMPORT:
			i = imported(all, i, paths)
			continue
		case w.end > place && w.token != token.SEMICOLON, w.start > place:
			i = len(all)
			continue
		case atStart && w.token == token.FUNC && i+1 < len(all) && all[i+1].token == token.IDENT:
			text.WriteString(all[i+1].text + " := func ")
			i++
			continue
		case atStart && w.token == token.FUNC && i+1 < len(all) && all[i+1].token == token.LPAREN:
			if next, receiver := method(all, i+1); next > 0 {
				text.WriteString("_ = func (" + receiver + ", ")
				open = append(open, token.LPAREN)
				i = next
				continue
			}
		case w.nesting() > 0:
			open = append(open, w.token)
		case w.nesting() < 0 && len(open) > 0:
			open = open[:len(open)-1]
		}
		text.WriteString(w.text + " ")
	}
	for i := len(open) - 1; i >= 0; i-- {
		closers.WriteString(map[token.Token]string{token.LPAREN: ")", token.LBRACE: "\n}", token.LBRACK: "]"}[open[i]])
	}
	return text.String() + Cursor + closers.String() + "\n}\n", paths
}

// imported notes what the import at i imports, and returns its last word.
func imported(all []word, i int, paths map[string]string) int {
	alias, depth := "", 0
	for i++; i < len(all); i++ {
		switch all[i].token {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		case token.IDENT, token.PERIOD:
			alias = all[i].text
		case token.STRING:
			if path, err := strconv.Unquote(all[i].text); err == nil {
				paths[path] = alias
			}
			alias = ""
		case token.SEMICOLON:
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// method reads the head of a method whose receiver begins at i: func (t *T) Name(.
// next is the bracket of the parameters, 0 if this is no method; receiver is the text
// between the brackets before it.
func method(all []word, i int) (next int, receiver string) {
	var text strings.Builder
	for i++; i < len(all) && all[i].token != token.RPAREN; i++ {
		text.WriteString(all[i].text + " ")
	}
	if i+2 >= len(all) || all[i+1].token != token.IDENT || all[i+2].token != token.LPAREN {
		return 0, ""
	}
	return i + 2, text.String()
}
