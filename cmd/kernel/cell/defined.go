package cell

import (
	"go/ast"
	"go/token"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/source"
)

// definitions are those of a cell that has been checked.
func definitions(c *check.Checked) map[string]source.Definition {
	return source.Definitions(c.Nodes, c.Source, c.Offset)
}

// definitionsIn are those of a cell that gomacro has parsed.
func (s *Session) definitionsIn(nodes []ast.Node, code string) map[string]source.Definition {
	return source.Definitions(nodes, code, func(p token.Pos) int {
		if p == token.NoPos {
			return -1
		}
		return s.ir.Comp.Fileset.Position(p).Offset
	})
}

// definedIn is what a cell that has not run yet says of the names that it defines;
// nothing if it can't be parsed.
func (s *Session) definedIn(code string) (found map[string]source.Definition) {
	defer func() { _ = recover() }() // gomacro panics at errors
	_, code = source.Commands(code)
	return s.definitionsIn(s.ir.Comp.ParseBytes([]byte(code)), code)
}
