package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// Builtins that look into an interface for another.
const (
	// holds(T, x) is true if x.(T) succeeds. Here and below, the names of methods may
	// follow that what is in x must have.
	Holds      = Prefix + "holds"
	Asserted   = Prefix + "asserted"   // asserted(I, x) is x.(I), where I is an interface
	AssertedOk = Prefix + "assertedok" // assertedok(I, x) is x.(I) with ok
)

// asserts finds out whether what is in an interface has the methods of another:
//
//	type dog struct{}
//	func (dog) bark() string { return "wau" }
//	var v any = dog{}
//	b, ok := v.(interface{ bark() string })
//
// The interpreter would look for the methods in what the value is made of.
func asserts(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.TypeAssertExpr:
		if n.Type == nil || !hasMethods(l.typeOf(n.Type)) {
			return
		}
		name, result := Asserted, l.typeOf(n)
		if _, two := result.(*types.Tuple); two {
			name = AssertedOk
		}
		c.Replace(l.call(l.name(name), result, append([]ast.Expr{n.Type, n.X}, l.methodNames(l.typeOf(n.Type))...)...))
	case *ast.TypeSwitchStmt:
		if slices.ContainsFunc(n.Body.List, func(s ast.Stmt) bool {
			return slices.ContainsFunc(s.(*ast.CaseClause).List, func(e ast.Expr) bool { return hasMethods(l.typeOf(e)) })
		}) {
			l.switchTypes(c, n)
		}
	}
}

// hasMethods reports whether a type is an interface, and not that of anything.
func hasMethods(t types.Type) bool {
	face, ok := underlying(t).(*types.Interface)
	return ok && !face.Empty()
}

// switchTypes makes a switch of a type switch, whose cases ask for each type.
func (l *Lowered) switchTypes(c *astutil.Cursor, n *ast.TypeSwitchStmt) {
	var assert ast.Expr
	var as *ast.Ident
	switch s := n.Assign.(type) {
	case *ast.ExprStmt:
		assert = s.X
	case *ast.AssignStmt:
		as, assert = s.Lhs[0].(*ast.Ident), s.Rhs[0]
	}
	of := ast.Unparen(assert).(*ast.TypeAssertExpr).X
	v := l.variable("tag", l.typeOf(of))
	ahead := []ast.Stmt{l.let(v, of)}
	if n.Init != nil {
		ahead = []ast.Stmt{n.Init, ahead[0]}
	}
	for _, s := range n.Body.List {
		clause := s.(*ast.CaseClause)
		l.at = clause.Pos()
		if as != nil && as.Name != "_" {
			clause.Body = append([]ast.Stmt{l.caseVariable(as, clause, v)}, clause.Body...)
		}
		for i, e := range clause.List {
			clause.List[i] = l.holds(e, v)
		}
	}
	l.at = n.Pos()
	l.withAhead(c, ahead, &ast.SwitchStmt{Switch: n.Switch, Tag: l.constant("true"), Body: n.Body})
}

// caseVariable declares the variable that a type switch has in one of its cases.
func (l *Lowered) caseVariable(as *ast.Ident, clause *ast.CaseClause, tag *types.Var) ast.Stmt {
	id := &ast.Ident{Name: as.Name, NamePos: l.at}
	value := ast.Expr(l.use(tag))
	if o := l.Info.Implicits[clause]; o != nil {
		l.Info.Defs[id] = o
	}
	if len(clause.List) == 1 && !l.Info.Types[clause.List[0]].IsNil() {
		t := clause.List[0]
		if hasMethods(l.typeOf(t)) {
			value = l.call(l.name(Asserted), l.typeOf(t), append([]ast.Expr{t, value}, l.methodNames(l.typeOf(t))...)...)
		} else {
			value = &ast.TypeAssertExpr{X: value, Type: t, Lparen: l.at, Rparen: l.at}
			l.typed(value, l.typeOf(t))
		}
	}
	return l.assign(token.DEFINE, []ast.Expr{id}, []ast.Expr{value})
}

// holds asks whether v is of a type, or nil.
func (l *Lowered) holds(t ast.Expr, v *types.Var) ast.Expr {
	if l.Info.Types[t].IsNil() {
		return l.binary(token.EQL, types.Typ[types.Bool], l.use(v), t)
	}
	return l.call(l.name(Holds), types.Typ[types.Bool], append([]ast.Expr{t, l.use(v)}, l.methodNames(l.typeOf(t))...)...)
}
