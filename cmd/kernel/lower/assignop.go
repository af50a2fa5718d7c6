package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// assignOp spells out three operators:
//
//	p.flags ^= 4
//	s[i] <<= 1
//
// The interpreter refuses two of them, and forgets the third, for anything but a variable.
// What is called to find the place is called once.
func assignOp(l *Lowered, c *astutil.Cursor) {
	s, ok := c.Node().(*ast.AssignStmt)
	if !ok {
		return
	}
	op, ok := map[token.Token]token.Token{token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR}[s.Tok]
	if !ok {
		return
	}
	place := ast.Unparen(s.Lhs[0])
	if _, isName := place.(*ast.Ident); isName {
		return
	}
	var ahead []ast.Stmt
	if once := l.once(place); once != nil {
		ahead, place = once(place)
	}
	s.Tok, s.Lhs[0] = token.ASSIGN, place
	s.Rhs[0] = l.binary(op, l.typeOf(place), l.again(place), s.Rhs[0])
	switch {
	case len(ahead) == 0:
	case c.Name() == "Post" || c.Name() == "Init": // where no block can be
		c.Replace(&ast.ExprStmt{X: l.call(l.literal(append(ahead, s)...), nil)})
	default:
		c.Replace(l.block(append(ahead, s)...))
	}
}

// again is a copy of an expression.
func (l *Lowered) again(e ast.Expr) ast.Expr {
	return copier{from: l.Info, into: l.Info, place: func(at token.Pos) token.Pos { return at }}.node(e).(ast.Expr)
}

// once finds a place without doing twice what is done for that; nil if nothing is.
func (l *Lowered) once(place ast.Expr) func(ast.Expr) ([]ast.Stmt, ast.Expr) {
	calls := false
	ast.Inspect(place, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			calls = true
		case *ast.UnaryExpr:
			calls = calls || n.Op == token.ARROW
		}
		return true
	})
	if !calls {
		return nil
	}
	if index, ok := place.(*ast.IndexExpr); ok {
		if _, ok := l.typeOf(index.X).Underlying().(*types.Map); ok {
			return l.elementOf
		}
	}
	return l.pointerTo
}

func (l *Lowered) pointerTo(place ast.Expr) ([]ast.Stmt, ast.Expr) {
	p := l.variable("place", types.NewPointer(l.typeOf(place)))
	return []ast.Stmt{l.let(p, l.address(place))}, l.star(l.use(p))
}

func (l *Lowered) elementOf(place ast.Expr) ([]ast.Stmt, ast.Expr) {
	index := place.(*ast.IndexExpr)
	of, key := l.variable("map", l.typeOf(index.X)), l.variable("key", l.typeOf(index.X).Underlying().(*types.Map).Key())
	ahead := []ast.Stmt{l.let(of, index.X), l.let(key, l.convert(key.Type(), index.Index))}
	e := &ast.IndexExpr{X: l.use(of), Index: l.use(key), Lbrack: l.at, Rbrack: l.at}
	l.typed(e, l.typeOf(place))
	return ahead, e
}
