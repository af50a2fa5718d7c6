// Package limits knows Go that is right and yet fails in a cell or, worse, does something
// else without a word: what the notebooks' interpreter can't do. It knows the interpreter
// by its rules, not by running it, and judges by the types that package check has found.
//
//	for _, f := range limits.Notebook(cells) {
//		fmt.Printf("cell %d, line %d: %s\n", f.Cell+1, f.Line, f.Text)
//	}
//
// Read limits.go, then rules.go, loops.go and dynamic.go.
package limits

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"stepwise/cmd/kernel/check"
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

// A Cell is one of a notebook.
type Cell struct {
	Source  string
	MayFail bool // it is meant to fail: nothing is found in it
}

// Notebook returns what is wrong in a notebook with these code cells, in order: what Go
// refuses, and what the interpreter can't do.
func Notebook(cells []Cell) (found []Finding) {
	s := check.NewSession()
	if slices.ContainsFunc(cells, func(c Cell) bool { return strings.Contains(c.Source, "Display") }) {
		if err := s.Predeclare("Display", "display", "Show"); err != nil {
			return []Finding{{Line: 1, Text: err.Error()}}
		}
	}
	for i, cell := range cells {
		checked, problems := s.Check(cell.Source, "cell")
		var here []Finding
		for _, p := range problems {
			here = append(here, Finding{Line: p.Line, Text: p.Text})
		}
		if len(problems) == 0 {
			here = Check(checked)
			s.Accept(checked)
		}
		for _, f := range here {
			if f.Cell = i; !cell.MayFail {
				found = append(found, f)
			}
		}
	}
	return found
}

// Check returns what the interpreter can't do in a cell that is Go.
func Check(c *check.Checked) []Finding {
	j := &judge{Checked: c}
	for _, node := range c.Nodes {
		j.topLevel(node)
		ast.Inspect(node, j.node)
	}
	slices.SortStableFunc(j.found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return slices.Compact(j.found)
}

// A judge goes through a cell.
type judge struct {
	*check.Checked
	found []Finding
}

// add notes a finding at pos.
func (j *judge) add(pos token.Pos, format string, args ...any) {
	j.found = append(j.found, Finding{Line: j.Files.Position(pos).Line, Text: fmt.Sprintf(format, args...)})
}

// addSilent notes one of which the reader would hear nothing.
func (j *judge) addSilent(pos token.Pos, format string, args ...any) {
	j.add(pos, format, args...)
	j.found[len(j.found)-1].Silent = true
}

// node applies the rules that hold everywhere.
func (j *judge) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		j.call(n)
	case *ast.IndexExpr:
		j.indexed(n.X, n.Index)
	case *ast.CompositeLit:
		j.literal(n)
	case *ast.TypeSwitchStmt:
		j.typeSwitch(n)
	}
	return true
}
