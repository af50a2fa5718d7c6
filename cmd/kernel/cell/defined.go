package cell

import (
	"go/ast"
	"go/token"
	"strings"

	"stepwise/cmd/kernel/cells"
)

// A definition is what a cell says of a name that it defines.
type definition struct {
	signature string // its declaration, without a function's body; empty for variables and constants
	doc       string // the comment above it, or behind it on its line
}

// definitions are those at the top of a cell, by name; a method's is Type.Name.
// place is where a node stands in the code, in bytes.
func definitions(nodes []ast.Node, code string, place func(token.Pos) int) map[string]definition {
	found := make(map[string]definition)
	cut := func(from, to token.Pos) string {
		start, end := place(from), min(place(to), len(code))
		if start < 0 || start >= end {
			return ""
		}
		return strings.TrimSpace(code[start:end])
	}
	for _, node := range nodes {
		doc := commentAt(code, place(node.Pos()), place(node.End()))
		switch node := node.(type) {
		case *ast.FuncDecl:
			name, end := node.Name.Name, node.End()
			if node.Body != nil {
				end = node.Body.Pos()
			}
			if of := receiver(node); of != "" {
				name = of + "." + name
			}
			found[name] = definition{cut(node.Pos(), end), doc}
		case *ast.GenDecl:
			for _, spec := range node.Specs {
				if node.Lparen != token.NoPos {
					doc = commentAt(code, place(spec.Pos()), place(spec.End()))
				}
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					found[spec.Name.Name] = definition{"type " + cut(spec.Pos(), spec.End()), doc}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						found[name.Name] = definition{"", doc}
					}
				}
			}
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				if name, ok := left.(*ast.Ident); ok && node.Tok == token.DEFINE {
					found[name.Name] = definition{"", doc}
				}
			}
		}
	}
	return found
}

// receiver is the name of a method's type; empty for a function.
func receiver(node *ast.FuncDecl) string {
	if node.Recv == nil || len(node.Recv.List) == 0 {
		return ""
	}
	kind := node.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// commentAt is the comment in the lines above what stands from start to end, or
// else the one behind it.
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

// definitionsIn are those of a cell that gomacro has parsed.
func (s *Session) definitionsIn(nodes []ast.Node, code string) map[string]definition {
	return definitions(nodes, code, func(p token.Pos) int {
		if p == token.NoPos {
			return -1
		}
		return s.ir.Comp.Fileset.Position(p).Offset
	})
}

// definedIn is what a cell that has not run yet says of the names that it defines;
// nothing if it can't be parsed.
func (s *Session) definedIn(code string) (found map[string]definition) {
	defer func() { _ = recover() }() // gomacro panics at errors
	_, code = cells.Commands(code)
	return s.definitionsIn(s.ir.Comp.ParseBytes([]byte(code)), code)
}
