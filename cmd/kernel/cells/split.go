// split.go: a cell is no Go file. It mixes imports, declarations and statements,
// and may begin with lines that are not Go at all. So it is cut where the Go
// grammar puts a semicolon outside of all brackets, and each piece is wrapped
// into a file of its own. All of them are one package: what a statement defines
// by := becomes a variable of it. Read cells.go first.

package cells

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
)

// piece is a declaration or a statement that stands in a cell outside of all
// functions.
type piece struct {
	cell int         // counted from 0
	line int         // of the cell, counted from 1, that it begins in
	text string      // the source; a definition by := is a declaration by var
	kind token.Token // of a declaration, its keyword; else token.ILLEGAL

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
	_, source = Commands(source)
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(token.Position, string) {}, 0)
	var found []*piece
	var here []scanned // the tokens of the piece
	depth := 0
	header := false // between for, if or switch and its block, where semicolons belong to it
	for {
		pos, tok, _ := s.Scan()
		offset := file.Offset(pos)
		switch tok {
		case token.FOR, token.IF, token.SWITCH:
			header = header || depth == 0
		case token.LPAREN, token.LBRACK, token.LBRACE:
			header = header && (depth > 0 || tok != token.LBRACE)
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		if tok != token.EOF && (tok != token.SEMICOLON || depth > 0 || header) {
			here = append(here, scanned{tok, offset})
			continue
		}
		if len(here) > 0 {
			found = append(found, newPiece(source[:offset], file.Line(file.Pos(here[0].offset)), here))
		}
		if tok == token.EOF {
			return found
		}
		here, depth, header = nil, 0, false
	}
}

// scanned is a token and where it stands in the cell.
type scanned struct {
	token  token.Token
	offset int
}

// newPiece makes a piece of the tokens, the last of a source.
func newPiece(source string, line int, tokens []scanned) *piece {
	begin := tokens[0].offset
	p := &piece{line: line, text: source[begin:], kind: kindOf(tokens)}
	for _, t := range tokens {
		switch t.token {
		case token.IDENT, token.COMMA:
			continue
		case token.DEFINE:
			p.kind = token.VAR
			p.text = "var " + source[begin:t.offset] + "=" + source[t.offset+len(":="):]
		}
		break
	}
	return p
}

// kindOf tells declarations by their keyword. A piece that begins with func is
// one only if a name stands behind func or behind the receiver; else it is a
// function literal, and the piece a statement: token.ILLEGAL.
func kindOf(tokens []scanned) token.Token {
	switch first := tokens[0].token; first {
	case token.IMPORT, token.CONST, token.VAR, token.TYPE:
		return first
	case token.FUNC:
	default:
		return token.ILLEGAL
	}
	depth := 0
	for _, t := range tokens[1:] {
		switch {
		case t.token == token.LPAREN:
			depth++
		case t.token == token.RPAREN:
			depth--
		case depth > 0:
		case t.token == token.IDENT:
			return token.FUNC
		default:
			return token.ILLEGAL
		}
	}
	return token.ILLEGAL
}

// wrapped is the piece as a file that begins with the imports, and the byte of it
// at which the piece ends.
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

// statements are the piece's own, outside of all functions.
func (p *piece) statements() []ast.Stmt {
	if p.kind != token.ILLEGAL {
		return nil
	}
	return p.file.Decls[len(p.file.Decls)-1].(*ast.FuncDecl).Body.List
}

// declarations are the piece's own, outside of all functions.
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
