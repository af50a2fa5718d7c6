// declared.go: what a cell that parses declares.

package source

import (
	"go/ast"
	"go/token"
	"strings"
)

// A Definition is what a cell says of a name that it defines.
type Definition struct {
	Signature string // its declaration, without a function's body; empty for variables and constants
	Doc       string // the comment above it, or behind it on its line
}

// Definitions returns what a cell says of the names that it defines outside all
// functions, by name; a method's is Type.Name. place is where a node stands in the code,
// in bytes.
func Definitions(nodes []ast.Node, code string, place func(token.Pos) int) map[string]Definition {
	d := definer{code, place, make(map[string]Definition)}
	for _, node := range nodes {
		switch node := node.(type) {
		case *ast.FuncDecl:
			d.function(node)
		case *ast.GenDecl:
			for _, spec := range node.Specs {
				var commented ast.Node = node
				if node.Lparen != token.NoPos {
					commented = spec
				}
				d.spec(spec, d.comment(commented))
			}
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				if name, ok := left.(*ast.Ident); ok && node.Tok == token.DEFINE {
					d.found[name.Name] = Definition{"", d.comment(node)}
				}
			}
		}
	}
	return d.found
}

// A definer collects a cell's definitions.
type definer struct {
	code  string
	place func(token.Pos) int
	found map[string]Definition
}

func (d definer) function(node *ast.FuncDecl) {
	name, end := node.Name.Name, node.End()
	if node.Body != nil {
		end = node.Body.Pos()
	}
	if of := Receiver(node); of != "" {
		name = of + "." + name
	}
	d.found[name] = Definition{d.text(node.Pos(), end), d.comment(node)}
}

func (d definer) spec(spec ast.Spec, doc string) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		d.found[spec.Name.Name] = Definition{"type " + d.text(spec.Pos(), spec.End()), doc}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			d.found[name.Name] = Definition{"", doc}
		}
	}
}

// text is the code between two places; empty if they are not known.
func (d definer) text(from, to token.Pos) string {
	start, end := d.place(from), min(d.place(to), len(d.code))
	if start < 0 || start >= end {
		return ""
	}
	return strings.TrimSpace(d.code[start:end])
}

func (d definer) comment(node ast.Node) string {
	return commentAt(d.code, d.place(node.Pos()), d.place(node.End()))
}

// commentAt is the comment in the lines above what stands from start to end; if there is
// none, the one behind it.
func commentAt(code string, start, end int) string {
	if start < 0 || start > len(code) {
		return ""
	}
	lines := strings.Split(code[:start], "\n")
	above := len(lines) - 1 // the line in which it begins
	var text []string
	for above--; above >= 0; above-- {
		line := strings.TrimSpace(lines[above])
		if !strings.HasPrefix(line, "//") {
			break
		}
		text = append([]string{strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")}, text...)
	}
	if len(text) == 0 && end >= 0 && end <= len(code) {
		rest, _, _ := strings.Cut(code[end:], "\n")
		if _, comment, ok := strings.Cut(rest, "//"); ok {
			return strings.TrimSpace(comment)
		}
	}
	return strings.Join(text, "\n")
}

// Imports returns the imports of a cell, in order.
func Imports(nodes []ast.Node) []*ast.ImportSpec {
	var found []*ast.ImportSpec
	for _, node := range nodes {
		declaration, ok := node.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range declaration.Specs {
			if imported, ok := spec.(*ast.ImportSpec); ok {
				found = append(found, imported)
			}
		}
	}
	return found
}

// Receiver is the name of a method's type; empty for a function, and for a method of a
// type that is not the notebook's.
func Receiver(method *ast.FuncDecl) string {
	name, ok := receiverType(method).(*ast.Ident)
	if !ok {
		return ""
	}
	return name.Name
}

// receiverType is a method's type, without its star and its type parameters; nil for a
// function.
func receiverType(method *ast.FuncDecl) ast.Expr {
	if method.Recv == nil || len(method.Recv.List) == 0 {
		return nil
	}
	kind := ast.Unparen(method.Recv.List[0].Type)
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = ast.Unparen(star.X)
	}
	switch generic := kind.(type) {
	case *ast.IndexExpr:
		return generic.X
	case *ast.IndexListExpr:
		return generic.X
	}
	return kind
}

// IsPointer reports whether a method's receiver is a pointer.
func IsPointer(receiver ast.Expr) bool {
	_, ok := ast.Unparen(receiver).(*ast.StarExpr)
	return ok
}
