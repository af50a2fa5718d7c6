package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// constants gives a constant its type in two steps:
//
//	type color string
//	const red color = "red"
//	raw := json.RawMessage("{}")
//
// The interpreter makes nothing useful of a text or a bool without a type where a type
// with a name is wanted: it becomes a string or a bool first. A comparison
// is a bool to it, and a part of a text a string, whatever their types are.
func constants(l *Lowered, c *astutil.Cursor) {
	e, ok := c.Node().(ast.Expr)
	if !ok {
		return
	}
	known := l.Info.Types[e]
	switch e := e.(type) {
	case *ast.CallExpr:
		if to := l.Info.Types[e.Fun]; to.IsType() && len(e.Args) == 1 {
			_, isSlice := to.Type.Underlying().(*types.Slice)
			if argument := l.Info.Types[e.Args[0]]; isSlice && argument.Value != nil {
				e.Args[0] = l.stepped(e.Args[0], argument, types.Typ[types.String])
			}
		}
		return
	case *ast.Ident:
		if o, ok := l.Info.Uses[e].(*types.Const); !ok || !isUntyped(o.Type()) {
			return
		}
	case *ast.BasicLit, *ast.BinaryExpr, *ast.UnaryExpr, *ast.SliceExpr:
	default:
		return
	}
	named, ok := types.Unalias(known.Type).(*types.Named)
	if !ok || !l.canWrite(named) {
		return
	}
	l.at = e.Pos()
	var made ast.Expr
	switch basic, _ := named.Underlying().(*types.Basic); {
	case basic == nil:
		return
	case basic.Kind() == types.Bool && (known.Value != nil || isComparison(e)), basic.Kind() == types.String && known.Value != nil:
		made = l.call(l.typeExpr(named), named, l.stepped(e, known, basic))
	case basic.Kind() == types.String && isSlice(e):
		made = l.call(l.typeExpr(named), named, e)
		l.typed(e, types.Typ[types.String])
	default:
		return
	}
	l.Info.Types[made] = known
	c.Replace(made)
}

func isSlice(e ast.Expr) bool {
	_, ok := e.(*ast.SliceExpr)
	return ok
}

// isComparison reports whether an expression is a bool of any type.
func isComparison(e ast.Expr) bool {
	binary, ok := e.(*ast.BinaryExpr)
	return ok && slices.Contains([]token.Token{token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ}, binary.Op)
}

// stepped is a constant, as one of a basic type.
func (l *Lowered) stepped(e ast.Expr, known types.TypeAndValue, basic *types.Basic) ast.Expr {
	made := l.call(l.typeExpr(basic), basic, e)
	l.Info.Types[made] = types.TypeAndValue{Type: basic, Value: known.Value}
	return made
}

func isUntyped(t types.Type) bool {
	basic, ok := t.(*types.Basic)
	return ok && basic.Info()&types.IsUntyped != 0
}
