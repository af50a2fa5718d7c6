package lower

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// indexes makes an int of a number by which an element or a part is found:
//
//	counts[r-'a']++
//	text[from:to]
//
// The interpreter assigns to no element that another kind of number leads to, and finds no
// part.
func indexes(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.IndexExpr:
		switch underlying(l.typeOf(n.X)).(type) {
		case *types.Slice, *types.Array, *types.Pointer:
			if !l.Info.Types[n.X].IsType() {
				l.index(&n.Index)
			}
		}
	case *ast.SliceExpr:
		l.index(&n.Low)
		l.index(&n.High)
		l.index(&n.Max)
	}
}

func (l *Lowered) index(e *ast.Expr) {
	if *e == nil {
		return
	}
	if t := l.typeOf(*e); t != nil && !isUntyped(t) && !types.Identical(t, types.Typ[types.Int]) {
		*e = l.convert(types.Typ[types.Int], *e)
	}
}
