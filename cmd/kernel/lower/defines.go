package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"

	"stepwise/cmd/kernel/check"
)

// defines reads all values before it changes a variable:
//
//	a, b := 1, 2
//	a, c := b, a
//
// Where := defines only some of its variables, the interpreter has changed a when it
// reads it for c. It gets the results of one call right.
func defines(l *Lowered, c *astutil.Cursor) {
	n, ok := c.Node().(*ast.AssignStmt)
	if !ok || n.Tok != token.DEFINE || len(n.Rhs) < 2 {
		return
	}
	results, changes := &ast.FieldList{}, false
	for i, e := range n.Lhs {
		t := l.typeOf(n.Rhs[i])
		if id := e.(*ast.Ident); id.Name != "_" {
			again := slices.ContainsFunc(l.Replaced, func(old *check.Declaration) bool { return old.Name == id.Name })
			changes = changes || again || l.Info.Defs[id] == nil
			t = l.Info.ObjectOf(id).Type()
		}
		if t = types.Default(t); !l.canWrite(t) || l.Info.Types[n.Rhs[i]].IsNil() && blank(e) {
			return
		}
		results.List = append(results.List, &ast.Field{Type: l.typeExpr(t)})
	}
	if !changes {
		return
	}
	l.at = n.Pos()
	f := l.literal(&ast.ReturnStmt{Return: n.Pos(), Results: n.Rhs})
	f.Type.Results = results
	var all []*types.Var
	for _, field := range results.List {
		all = append(all, types.NewVar(l.at, l.Package, "", l.typeOf(field.Type)))
	}
	tuple := types.NewTuple(all...)
	l.typed(f, types.NewSignatureType(nil, nil, nil, nil, tuple, false))
	n.Rhs = []ast.Expr{l.call(f, tuple)}
}
