// parse.go: from a cell to Go's syntax tree. A cell is not a Go file: it mixes imports,
// declarations and statements. So each part of it is wrapped into a file of its own, and
// a comment tells the parser where in the cell the part stands.

package check

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"strings"

	"stepwise/cmd/kernel/source"
)

// A tree is a cell that has been parsed.
type tree struct {
	name    string // In[3]
	code    string
	files   *token.FileSet
	nodes   []ast.Node // the declarations and statements, in order
	imports []*ast.ImportSpec
	hoisted []ast.Decl // functions, types and constants: their order doesn't matter
	body    []ast.Stmt // all others: each sees what stands before it
	wrong   []Problem  // of grammar
	program bool       // it begins with package main: variables are hoisted too
}

// offset is the byte of the cell that stands at pos; -1 for a node that has no place there.
func (t *tree) offset(pos token.Pos) int {
	if !pos.IsValid() {
		return -1
	}
	at := t.files.Position(pos)
	return offset(t.code, at.Line, at.Column)
}

// parse parses a cell. What is wrong in one part hides nothing in another.
func parse(code, name string) *tree {
	t := &tree{name: name, code: code, files: token.NewFileSet()}
	parts := source.Parts(code)
	if len(parts) > 0 && programClause.MatchString(parts[0].Text) {
		parts, t.program = parts[1:], true
	}
	for _, part := range parts {
		t.add(part)
	}
	for _, statement := range t.body {
		t.returns(statement)
	}
	return t
}

var programClause = regexp.MustCompile(`^package\s+main$`)

// add parses one part. Of what is not Go it takes what the parser could make of it: the
// cell is refused, but a reader who is still writing it may ask about it.
func (t *tree) add(part source.Part) {
	if t.program && part.Kind == token.VAR {
		part.Hoisted = true
	}
	text, _ := part.File(t.name)
	file, err := parser.ParseFile(t.files, "", text, parser.SkipObjectResolution)
	if err != nil {
		t.refuse(err)
	}
	for i, declaration := range file.Decls {
		if i > 0 && err == nil && part.IsStatement() { // a bracket too many has ended the function
			t.refuse(scanner.ErrorList{{Pos: t.files.Position(declaration.Pos()), Msg: "expected statement, found '}'"}})
			return
		}
		t.declare(declaration, part)
	}
}

// declare adds a declaration, or the statements of the function that they are wrapped in.
func (t *tree) declare(declaration ast.Decl, part source.Part) {
	general, _ := declaration.(*ast.GenDecl)
	function, _ := declaration.(*ast.FuncDecl)
	switch {
	case part.IsStatement() && function != nil && function.Body != nil:
		for _, statement := range function.Body.List {
			t.nodes, t.body = append(t.nodes, statement), append(t.body, statement)
		}
	case part.Kind == token.IMPORT && general != nil:
		t.nodes = append(t.nodes, declaration)
		for _, spec := range general.Specs {
			if spec, ok := spec.(*ast.ImportSpec); ok {
				t.imports = append(t.imports, spec)
			}
		}
	case general != nil || function != nil:
		t.nodes, t.hoisted = append(t.nodes, declaration), append(t.hoisted, declaration)
	}
}

// refuse notes what the parser says of a part. The end of a wrapping stands below the
// cell, whose own end is meant.
func (t *tree) refuse(err error) {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		list = scanner.ErrorList{{Msg: err.Error()}}
	}
	for i, e := range list {
		line, column := e.Pos.Line, e.Pos.Column
		if last, end := t.end(); line > last || line == 0 {
			if i > 0 {
				break // it follows from the one before
			}
			line, column, e.Msg = last, end, strings.Replace(e.Msg, "operand, found '}'", "operand, found 'EOF'", 1)
		}
		t.wrong = append(t.wrong, Problem{Cell: t.name, Line: line, Column: column, Text: e.Msg})
	}
}

// end is the place behind the cell's last character that is not a line's end.
func (t *tree) end() (line, column int) {
	line, column = 1, 1
	text := t.code
	for len(text) > 0 && text[len(text)-1] == '\n' {
		text = text[:len(text)-1]
	}
	for i := range len(text) {
		column++
		if text[i] == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

// returns refuses each return outside all functions.
func (t *tree) returns(statement ast.Stmt) {
	ast.Inspect(statement, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			at := t.files.Position(n.Pos())
			t.wrong = append(t.wrong, Problem{Cell: t.name, Line: at.Line, Column: at.Column, Text: "return is not in a function"})
		}
		return true
	})
}

// definitions are the names that the statements define outside all functions and blocks,
// in order; a name may be there twice.
func (t *tree) definitions() []*ast.Ident {
	var names []*ast.Ident
	for _, statement := range t.body {
		names = append(names, defines(statement)...)
	}
	return names
}

// defines are the names that a statement may define in its own block.
func defines(statement ast.Stmt) (names []*ast.Ident) {
	switch statement := statement.(type) {
	case *ast.LabeledStmt:
		return defines(statement.Stmt)
	case *ast.AssignStmt:
		for _, left := range statement.Lhs {
			if name, ok := left.(*ast.Ident); ok && statement.Tok == token.DEFINE && name.Name != "_" {
				names = append(names, name)
			}
		}
	case *ast.DeclStmt:
		for _, spec := range statement.Decl.(*ast.GenDecl).Specs {
			if spec, ok := spec.(*ast.ValueSpec); ok {
				for _, name := range spec.Names {
					if name.Name != "_" {
						names = append(names, name)
					}
				}
			}
		}
	}
	return names
}
