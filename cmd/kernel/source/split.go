// split.go: a cell is not a Go file. It mixes imports, declarations and statements. So it
// is cut wherever Go's grammar puts a semicolon outside all brackets, and each piece is
// wrapped into a file of its own. All of them are one package: what a statement defines
// by := becomes a variable of it. Read words.go first.

package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// A piece is a declaration or a statement that stands in a cell outside all functions.
type piece struct {
	cell int         // counted from 0
	line int         // of the cell, counted from 1, that it begins in
	text string      // the source; a definition by := is a declaration by var
	kind token.Token // of a declaration, its keyword; of a statement, token.ILLEGAL

	files *token.FileSet // set by parse, as is file
	file  *ast.File      // the piece, wrapped
}

// The wrappings stand on the line that the piece begins in.
const (
	packageClause = "package p; "
	body          = "func _() { "
)

// split cuts a cell into its pieces.
func split(source string) []*piece {
	var found []*piece
	cut(source, func(words []word, offset int) { found = append(found, newPiece(source[:offset], words)) })
	return found
}

// A Part is a declaration or a statement that stands in a cell outside all functions.
type Part struct {
	Kind         token.Token // of a declaration, its keyword; of a statement, token.ILLEGAL
	Text         string
	Line, Column int // where it begins, counted from 1; the column in bytes
}

// Parts cuts a cell into its parts, wherever Go's grammar puts a semicolon outside all
// brackets. It need not be Go.
func Parts(source string) []Part {
	var parts []Part
	cut(source, func(words []word, offset int) {
		begin := words[0].start
		column := begin - strings.LastIndexByte(source[:begin], '\n')
		parts = append(parts, Part{kindOf(words), source[begin:offset], words[0].line, column})
	})
	return parts
}

// cut calls found for each piece of a cell, with its words and the byte behind it.
func cut(source string, found func(words []word, offset int)) {
	words, _ := scan(source)
	begin, depth := 0, 0
	header := false // between for, if or switch and its block, where semicolons belong to it
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
		case token.LBRACE:
			header = header && depth > 0
		case token.SEMICOLON:
			if depth <= 0 && !header {
				cut(i, w.start)
			}
		}
		depth += w.nesting()
	}
	cut(len(words), len(source))
}

// newPiece makes a piece of the words, which are the last of source.
func newPiece(source string, words []word) *piece {
	begin := words[0].start
	p := &piece{line: words[0].line, text: source[begin:], kind: kindOf(words)}
	for _, w := range words {
		switch w.token {
		case token.IDENT, token.COMMA:
			continue
		case token.DEFINE:
			p.kind = token.VAR
			p.text = "var " + source[begin:w.start] + "=" + source[w.end:]
		}
		break
	}
	return p
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

// wrapped is the piece as a file that begins with the imports; end is the byte of the
// file at which the piece ends.
func (p *piece) wrapped(imports string) (source string, end int) {
	switch p.kind {
	case token.IMPORT:
		source = packageClause + p.text
	case token.ILLEGAL:
		source = packageClause + imports + body + p.text + "\n"
		return source + "}", len(source)
	default:
		source = packageClause + imports + p.text
	}
	return source + "\n", len(source) + 1
}

// parse parses the piece, and reports whether it is Go.
func (p *piece) parse(files *token.FileSet, imports string) bool {
	source, _ := p.wrapped(imports)
	p.files = files
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	p.file = file
	return err == nil
}

// lineOf is the line of the cell that pos, a place in the piece, stands in.
func (p *piece) lineOf(pos token.Pos) int { return p.line + p.files.Position(pos).Line - 1 }

// statements are the piece's own, outside all functions.
func (p *piece) statements() []ast.Stmt {
	if p.kind != token.ILLEGAL {
		return nil
	}
	return p.file.Decls[len(p.file.Decls)-1].(*ast.FuncDecl).Body.List
}

// declarations are the piece's own, outside all functions.
func (p *piece) declarations() []ast.Decl {
	switch p.kind {
	case token.ILLEGAL:
		return nil
	case token.IMPORT:
		return p.file.Decls
	}
	return p.file.Decls[len(p.file.Decls)-1:]
}

// inspect calls visit for every node of the piece, as ast.Inspect does.
func (p *piece) inspect(visit func(ast.Node) bool) {
	for _, statement := range p.statements() {
		ast.Inspect(statement, visit)
	}
	for _, declaration := range p.declarations() {
		ast.Inspect(declaration, visit)
	}
}
