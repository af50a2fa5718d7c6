// plain.go: what package lower makes of a cell without generics is checked once more, in a
// session of its own.

package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// Clone returns a session with the same declarations. What one of them accepts from now
// on, the other doesn't know.
func (s *Session) Clone() *Session {
	c := &Session{importer: s.importer, pack: s.pack, names: maps.Clone(s.names), dots: slices.Clone(s.dots)}
	for name, d := range c.names {
		copied := *d
		c.names[name] = &copied
	}
	return c
}

// Importer is what the session reads packages with: types are the same only if they come
// from one.
func (s *Session) Importer() types.Importer { return s.importer }

// Methods are the newest methods of a type, in the order of their names.
func (s *Session) Methods(of string) (all []*Declaration) {
	for _, name := range slices.Sorted(maps.Keys(s.names)) {
		if t, _, isMethod := cutMethod(name); isMethod && t == of {
			all = append(all, s.names[name])
		}
	}
	return all
}

// CheckNodes checks a cell whose declarations and statements have been replaced by others.
func (s *Session) CheckNodes(c *Checked, nodes []ast.Node) (*Checked, []Problem) {
	t := &tree{name: c.Cell, code: c.Source, files: c.Files, nodes: nodes, program: c.IsProgram}
	for _, node := range nodes {
		switch node := node.(type) {
		case *ast.GenDecl:
			if node.Tok != token.IMPORT {
				t.hoisted = append(t.hoisted, node)
				continue
			}
			for _, spec := range node.Specs {
				t.imports = append(t.imports, spec.(*ast.ImportSpec))
			}
		case *ast.FuncDecl:
			t.hoisted = append(t.hoisted, node)
		case ast.Stmt:
			t.body = append(t.body, node)
		}
	}
	p, found := s.check(s.outline(t))
	if wrong := p.problems(found); len(wrong) > 0 {
		return nil, wrong
	}
	return s.finish(p), nil
}
