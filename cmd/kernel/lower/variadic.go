package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// nilVariadic hands nil to a variadic function that gets nothing more:
//
//	func none(list ...int) bool { return list == nil }
//	fmt.Println(none())
//
// The interpreter makes an empty list.
func nilVariadic(l *Lowered, c *astutil.Cursor) {
	call, ok := c.Node().(*ast.CallExpr)
	if !ok || call.Ellipsis != token.NoPos {
		return
	}
	t := l.typeOf(call.Fun)
	if t == nil {
		return
	}
	s, ok := t.Underlying().(*types.Signature)
	if !ok || !s.Variadic() || len(call.Args) != s.Params().Len()-1 || l.Info.Types[call.Fun].IsBuiltin() {
		return
	}
	last := s.Params().At(len(call.Args)).Type()
	if len(call.Args) == 1 {
		if _, ok := l.typeOf(call.Args[0]).(*types.Tuple); ok {
			return
		}
	}
	if !l.canWrite(last) {
		return
	}
	call.Args = append(call.Args, l.zero(last))
	call.Ellipsis = call.Rparen
}
