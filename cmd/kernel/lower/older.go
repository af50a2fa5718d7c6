package lower

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// older makes the interpreter find what a name meant in the cells before:
//
//	x := 1
//	---
//	y := x + 1
//	x := "now it is a text"
//
// There the first x is the old one.
func older(l *Lowered, c *astutil.Cursor) {
	if id, ok := c.Node().(*ast.Ident); ok && l.Info.Uses[id] != nil {
		if name := l.Info.Uses[id].Name(); strings.Contains(name, " of ") {
			id.Name = Known(name)
		}
	}
}

// Known is the name by which the interpreter knows what the checker calls "x of In[3]";
// any other name is itself.
func Known(name string) string {
	if !strings.Contains(name, " of ") {
		return name
	}
	return Prefix + strings.NewReplacer(" of ", "_of_", "[", "_", "]", "").Replace(name)
}
