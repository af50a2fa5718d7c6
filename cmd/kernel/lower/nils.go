package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// nils gives nil its type where the interpreter makes something else of it:
//
//	func none(list ...int) bool { return list == nil }
//	fmt.Println(none())
//	owners := map[*person]string{nil: "nobody"}
//
// It hands an empty list to a variadic function that gets nothing more, and fails where nil
// is a map's key.
func nils(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.CallExpr:
		l.nilArguments(n)
	case *ast.IndexExpr:
		if m, ok := underlying(l.typeOf(n.X)).(*types.Map); ok {
			l.nilKey(&n.Index, m)
		}
	case *ast.CompositeLit:
		if m, ok := underlying(l.typeOf(n)).(*types.Map); ok {
			for _, e := range n.Elts {
				l.nilKey(&e.(*ast.KeyValueExpr).Key, m)
			}
		}
	}
}

func (l *Lowered) nilKey(e *ast.Expr, m *types.Map) {
	if l.Info.Types[*e].IsNil() && l.canWrite(m.Key()) {
		*e = l.zero(m.Key())
	}
}

func (l *Lowered) nilArguments(call *ast.CallExpr) {
	s, ok := underlying(l.typeOf(call.Fun)).(*types.Signature)
	if !ok {
		return
	}
	if l.Info.Types[call.Fun].IsBuiltin() {
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "delete" {
			l.nilKey(&call.Args[1], underlying(l.typeOf(call.Args[0])).(*types.Map))
		}
		return
	}
	if !s.Variadic() || call.Ellipsis != token.NoPos || len(call.Args) != s.Params().Len()-1 {
		return
	}
	if len(call.Args) == 1 {
		if _, ok := l.typeOf(call.Args[0]).(*types.Tuple); ok {
			return
		}
	}
	if last := s.Params().At(len(call.Args)).Type(); l.canWrite(last) {
		call.Args = append(call.Args, l.zero(last))
		call.Ellipsis = call.Rparen
	}
}
