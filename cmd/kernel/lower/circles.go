package lower

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"

	"stepwise/cmd/kernel/check"
)

// Method is the builtin that is the method of a value of any type: Method(func() int, x, "M") is x.M.
const Method = Prefix + "method"

// circles makes an interface that names itself one of anything:
//
//	type state interface {
//		next(event string) state
//	}
//
// The interpreter makes a struct of the functions of an interface, and can make none that
// has itself in it. The methods of what is in an interface of anything are looked up when
// they are called.
func circles(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.TypeSpec:
		if o, ok := l.Info.Defs[n.Name].(*types.TypeName); ok && n.TypeParams == nil && l.inCircle(o.Type()) && !o.IsAlias() {
			n.Assign = n.Pos()
			n.Type = &ast.InterfaceType{Interface: n.Pos(), Methods: &ast.FieldList{Opening: n.Pos()}}
			l.typed(n.Type, types.Universe.Lookup("any").Type())
		}
	case *ast.StructType:
		for _, field := range n.Fields.List { // embedded, it would lose its name
			if t := l.typeOf(field.Type); field.Names == nil && t != nil && l.inCircle(t) {
				field.Names = []*ast.Ident{l.name(namedOf(t).Obj().Name())}
			}
		}
	case *ast.SelectorExpr:
		s := l.Info.Selections[n]
		if s == nil || s.Kind() != types.MethodVal {
			return
		}
		of := s.Recv()
		for _, i := range s.Index()[:len(s.Index())-1] {
			of = structOf(of).Field(i).Type()
		}
		if method := s.Obj().(*types.Func); l.inCircle(of) || l.inCircle(method.Signature().Recv().Type()) {
			c.Replace(l.methodOf(l.path(n.X, s), method))
		}
	}
}

// methodOf is the method of what is in an interface of a circle.
func (l *Lowered) methodOf(x ast.Expr, method *types.Func) ast.Expr {
	s := method.Signature()
	t := types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic())
	return l.call(l.name(Method), t, l.typeExpr(t), x, l.text(method.Name()))
}

// inCircle reports whether a type is an interface of a cell that a part of its methods'
// types is made of.
func (l *Lowered) inCircle(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() != l.Package || !types.IsInterface(named) {
		return false
	}
	if known, ok := l.circle[named]; ok {
		return known
	}
	l.circle[named] = leadsTo(named.Underlying(), named)
	return l.circle[named]
}

// leadsTo reports whether a type is made of another.
func leadsTo(t types.Type, to *types.Named) bool {
	inside := func(t types.Type) bool {
		named, ok := t.(*types.Named)
		return !ok || named.Obj().Pkg() == to.Obj().Pkg()
	}
	return check.MadeOf(t, inside, func(t types.Type) bool { return t == types.Type(to) })
}

// methodNames are those of an interface, for which a value of anything is asked.
func (l *Lowered) methodNames(t types.Type) (all []ast.Expr) {
	if l.inCircle(t) {
		for method := range t.Underlying().(*types.Interface).Methods() {
			all = append(all, l.text(method.Name()))
		}
	}
	return all
}
