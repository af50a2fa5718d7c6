// check.go: what in a notebook breaks a rule. Read split.go first, then notebook.go,
// rules.go and loops.go.

package source

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
)

// A Finding is a place in a cell that breaks a rule.
type Finding struct {
	Cell int    // counted from 0
	Line int    // of the cell, counted from 1
	Text string // what is wrong, and what to write instead
	// Silent is set where the interpreter does something else than Go, without a
	// word; elsewhere it fails, and says so.
	Silent bool
}

// Check returns what is wrong in a notebook whose code cells are sources, in
// order. A source that is "" stands for a cell that is not to be checked. What
// does not parse is passed over: the interpreter says so itself.
func Check(sources []string) []Finding {
	c := &checker{nb: newNotebook()}
	for i, source := range sources {
		for _, p := range split(source) {
			p.cell = i
			if p.parse(c.nb.files, c.nb.imports) {
				c.nb.learn(p)
			}
		}
	}
	c.nb.resolve()
	for _, p := range c.nb.pieces {
		c.check(p)
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		if a.Cell != b.Cell {
			return a.Cell - b.Cell
		}
		return a.Line - b.Line
	})
	return slices.Compact(c.found)
}

// A checker goes through the pieces of a notebook, in order.
type checker struct {
	nb    *notebook
	found []Finding
}

// add notes a finding at pos, a place in p.
func (c *checker) add(p *piece, pos token.Pos, format string, args ...any) {
	c.found = append(c.found, Finding{Cell: p.cell, Line: p.lineOf(pos), Text: fmt.Sprintf(format, args...)})
}

// addSilent notes one of which the reader would hear nothing.
func (c *checker) addSilent(p *piece, pos token.Pos, format string, args ...any) {
	c.add(p, pos, format, args...)
	c.found[len(c.found)-1].Silent = true
}

// check applies all rules to a piece: first those for what stands outside all functions,
// then those for each of its nodes.
func (c *checker) check(p *piece) {
	for _, statement := range p.statements() {
		c.topLevel(p, statement)
	}
	for _, declaration := range p.declarations() {
		c.declaration(p, declaration)
	}
	c.laterNames(p)
	p.inspect(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.RangeStmt:
			c.rangeOver(p, n)
			c.sharedVariables(p, n.Body, defined(n))
		case *ast.ForStmt:
			c.sharedVariables(p, n.Body, defined(n))
		case *ast.CallExpr:
			c.call(p, n)
		case *ast.IndexListExpr:
			c.add(p, n.Pos(), generics)
		case *ast.FuncType:
			if n.TypeParams != nil {
				c.add(p, n.Pos(), generics)
			}
		case *ast.TypeSpec:
			if n.TypeParams != nil {
				c.add(p, n.Pos(), generics)
			}
		}
		return true
	})
}
