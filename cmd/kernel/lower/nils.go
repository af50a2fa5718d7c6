package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// nils gives nil its type where that names itself:
//
//	type node struct{ next *node }
//	n.next = nil
//	list := []*node{nil}
//
// While the interpreter makes the type, it knows nothing of its pointers yet, and takes
// nil for one of these ever after.
//
// It also mistakes the constants that are returned beside one or handed to a variable's
// function of it, and what is not in a map.
func nils(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.BinaryExpr:
		return
	case *ast.IndexExpr:
		if c.Name() != "Lhs" && c.Name() != "Key" && c.Name() != "Value" {
			l.fromMap(c, n)
		}
	}
	returns, calls := false, false
	switch n := c.Node().(type) {
	case *ast.ReturnStmt:
		returns = l.hasCircle(l.inside[len(l.inside)-1])
	case *ast.CallExpr:
		calls = l.callsVariable(n)
	}
	l.conversions(c.Node(), func(e *ast.Expr, to types.Type) {
		switch known := l.Info.Types[*e]; {
		case known.IsNil() && (returns || !types.IsInterface(to) && l.hasCircle(to)):
			*e = l.zero(to)
		case known.Value != nil && (returns || calls):
			t := types.Default(known.Type)
			if !types.IsInterface(to) {
				t = to
			}
			*e = l.copyOf(l.call(l.typeExpr(t), t, *e))
		}
	})
}

// callsVariable reports whether a call is of a function in a variable that takes or
// returns one.
func (l *Lowered) callsVariable(call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := l.Info.Uses[id].(*types.Var)
	return ok && l.hasCircle(v.Type().Underlying())
}

// fromMap looks into a map whose elements may be nil:
//
//	func(m map[string]*node, k string) (*node, bool) {
//		var v *node
//		_, ok := m[k]
//		if ok {
//			v = m[k]
//		}
//		return v, ok
//	}(m, k)
func (l *Lowered) fromMap(c *astutil.Cursor, n *ast.IndexExpr) {
	m, ok := underlying(l.typeOf(n.X)).(*types.Map)
	if !ok || !l.hasCircle(m.Elem()) || !l.canWrite(m) {
		return
	}
	switch m.Elem().Underlying().(type) {
	case *types.Basic, *types.Struct, *types.Array, *types.Interface:
		return
	}
	of, key := l.variable("map", m), l.variable("key", m.Key())
	v, found := l.variable("value", m.Elem()), l.variable("ok", types.Typ[types.Bool])
	element := func() ast.Expr {
		e := &ast.IndexExpr{X: l.use(of), Index: l.use(key), Lbrack: l.at, Rbrack: l.at}
		l.typed(e, m.Elem())
		return e
	}
	results, values := []*types.Var{v}, []ast.Expr{l.use(v)}
	if _, two := l.typeOf(n).(*types.Tuple); two {
		results, values = append(results, found), append(values, l.use(found))
	}
	params := []*types.Var{of, key}
	s := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), false)
	f := &ast.FuncLit{Type: l.signature(s, params), Body: l.block(
		l.declare(v),
		l.assign(token.DEFINE, []ast.Expr{l.name("_"), l.define(found)}, []ast.Expr{element()}),
		&ast.IfStmt{If: l.at, Cond: l.use(found), Body: l.block(l.set(l.use(v), element()))},
		l.returns(values...),
	)}
	l.typed(f, s)
	at := l.convert(m.Key(), n.Index)
	if l.Info.Types[n.Index].Value != nil {
		at = l.copyOf(at)
	}
	c.Replace(l.call(f, l.typeOf(n), n.X, at))
}

// zero is the value that a variable has at first.
func (l *Lowered) zero(t types.Type) ast.Expr {
	return l.star(l.call(l.name("new"), types.NewPointer(t), l.typeExpr(t)))
}

// hasCircle reports whether a part of a type is one of a cell that names itself.
func (l *Lowered) hasCircle(t types.Type) bool { return l.leadsToCircle(t, make(map[types.Type]bool)) }

func (l *Lowered) leadsToCircle(t types.Type, seen map[types.Type]bool) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if ok && named.Obj().Pkg() == l.Package && leadsTo(named.Underlying(), named, make(map[types.Type]bool)) {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	return slices.ContainsFunc(partsOf(t, l.Package), func(t types.Type) bool { return l.leadsToCircle(t, seen) })
}
