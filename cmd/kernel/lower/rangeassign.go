package lower

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// rangeAssign assigns in the body:
//
//	for p.x, p.y = range list {
//	}
//
// The interpreter's loops count in variables alone.
func rangeAssign(l *Lowered, c *astutil.Cursor) {
	loop, ok := c.Node().(*ast.RangeStmt)
	if !ok || loop.Tok != token.ASSIGN {
		return
	}
	types := l.rangeTypes(loop.X)
	var left, right []ast.Expr
	for i, e := range []*ast.Expr{&loop.Key, &loop.Value} {
		if blank(*e) {
			continue
		}
		v := l.variable("value", types[i])
		left, right = append(left, *e), append(right, l.use(v))
		*e = l.define(v)
	}
	if len(left) == 0 {
		return
	}
	if loop.Tok = token.DEFINE; loop.Key == nil {
		loop.Key = l.name("_")
	}
	loop.Body = l.block(l.assign(token.ASSIGN, left, right), loop.Body)
}
