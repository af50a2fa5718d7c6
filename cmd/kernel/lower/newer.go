package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// builtins are those that the interpreter doesn't have, or gets wrong:
//
//	n := copy(to, from)
//	clear(m)
//	best = max(best, n)
//	fmt.Println(1 / 0.0)
//
// Its copy is no value, and it refuses to divide by a constant zero, which is right for
// integers alone.
func builtins(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.CallExpr:
		l.builtinCall(n, c)
	case *ast.BinaryExpr:
		if n.Op == token.QUO {
			n.Y = l.divisor(n.Y)
		}
	case *ast.AssignStmt:
		if n.Tok == token.QUO_ASSIGN {
			n.Rhs[0] = l.divisor(n.Rhs[0])
		}
	}
}

func (l *Lowered) builtinCall(call *ast.CallExpr, c *astutil.Cursor) {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return
	}
	if _, ok := l.Info.Uses[id].(*types.Builtin); !ok {
		return
	}
	switch id.Name {
	case "copy", "clear":
		call.Fun = l.name(Prefix + id.Name)
	case "panic":
		call.Args[0] = l.call(l.name(Panicking), types.Universe.Lookup("any").Type(), l.asError(call.Args[0]))
	case "recover":
		c.Replace(l.call(l.name(Recovered), l.typeOf(call), call))
	case "min", "max":
		known := l.Info.Types[call]
		if known.Value != nil {
			c.Replace(l.literalOf(known))
			return
		}
		call.Fun = l.name(Prefix + id.Name)
		for i, e := range call.Args {
			if l.Info.Types[e].Value != nil {
				call.Args[i] = l.call(l.typeExpr(known.Type), known.Type, e)
			}
		}
	}
}

// asError keeps the methods of a cell's error, for compiled code may recover it.
func (l *Lowered) asError(e ast.Expr) ast.Expr {
	t, err := l.typeOf(e), types.Universe.Lookup("error").Type()
	named := namedOf(t)
	if named == nil || named.Obj().Pkg() != l.Package || !types.Implements(t, err.Underlying().(*types.Interface)) || types.IsInterface(t) {
		return e
	}
	return l.call(l.name(Kept), types.Universe.Lookup("any").Type(), l.pointed(e, err))
}

// divisor hides from the interpreter that a number is zero.
func (l *Lowered) divisor(e ast.Expr) ast.Expr {
	known := l.Info.Types[e]
	if known.Value == nil || constant.Sign(known.Value) != 0 || known.Value.Kind() == constant.Complex && constant.Sign(constant.Imag(known.Value)) != 0 {
		return e
	}
	t := types.Default(known.Type)
	return l.copyOf(l.call(l.typeExpr(t), t, e))
}

// literalOf is a constant, written out.
func (l *Lowered) literalOf(known types.TypeAndValue) ast.Expr {
	e := &ast.BasicLit{ValuePos: l.at, Value: known.Value.ExactString()}
	switch known.Value.Kind() {
	case constant.Int:
		e.Kind = token.INT
	case constant.String:
		e.Kind = token.STRING
	default:
		e.Kind = token.FLOAT
		float, _ := constant.Float64Val(known.Value)
		e.Value = strconv.FormatFloat(float, 'g', -1, 64)
	}
	l.Info.Types[e] = known
	if basic, ok := known.Type.(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		return e
	}
	return l.call(l.typeExpr(known.Type), known.Type, e)
}
