package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// rangeInteger counts:
//
//	for i := range 3 {
//		fmt.Println(i)
//	}
//
// becomes for hidden := 0; hidden < 3; hidden++ { i := hidden; { … } }: the body may change
// i, and each round has its own.
func rangeInteger(l *Lowered, c *astutil.Cursor) {
	loop, ok := c.Node().(*ast.RangeStmt)
	if !ok {
		return
	}
	basic, ok := l.typeOf(loop.X).Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 {
		return
	}
	kind := l.typeOf(loop.X)
	if !blank(loop.Key) {
		kind = l.typeOf(loop.Key) // range 10 counts in the type of a variable that is there
	}
	kind = types.Default(kind)
	n, i := l.variable("n", kind), l.variable("i", kind)
	limit := l.convert(kind, loop.X)
	counting := &ast.ForStmt{
		For:  loop.For,
		Init: l.assign(token.DEFINE, []ast.Expr{l.define(i), l.define(n)}, []ast.Expr{l.convert(kind, l.number(0, types.Typ[types.UntypedInt])), limit}),
		Cond: l.binary(token.LSS, types.Typ[types.Bool], l.use(i), l.use(n)),
		Post: &ast.IncDecStmt{X: l.use(i), Tok: token.INC},
		Body: loop.Body,
	}
	if !blank(loop.Key) {
		counting.Body = l.block(l.assign(loop.Tok, []ast.Expr{loop.Key}, []ast.Expr{l.use(i)}), loop.Body)
	}
	c.Replace(counting)
}
