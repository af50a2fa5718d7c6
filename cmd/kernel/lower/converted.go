package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// conversions calls change for each expression in a node that becomes a value of another
// type there, without a conversion being written: what is assigned, handed over, returned,
// sent, compared or made an element of something.
func (l *Lowered) conversions(n ast.Node, change func(e *ast.Expr, to types.Type)) {
	each := func(list []ast.Expr, to func(i int) types.Type) {
		for i := range list {
			if t := to(i); t != nil {
				change(&list[i], t)
			}
		}
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		l.argumentsOf(n, each)
	case *ast.AssignStmt:
		if n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) {
			each(n.Rhs, func(i int) types.Type { return l.typeOf(n.Lhs[i]) })
		}
	case *ast.ValueSpec:
		if n.Type != nil {
			each(n.Values, func(int) types.Type { return l.typeOf(n.Type) })
		}
	case *ast.ReturnStmt:
		if results := l.inside[len(l.inside)-1].Results(); results.Len() == len(n.Results) {
			each(n.Results, func(i int) types.Type { return results.At(i).Type() })
		}
	case *ast.SendStmt:
		change(&n.Value, l.typeOf(n.Chan).Underlying().(*types.Chan).Elem())
	case *ast.IndexExpr:
		if m, ok := underlying(l.typeOf(n.X)).(*types.Map); ok {
			change(&n.Index, m.Key())
		}
	case *ast.CompositeLit:
		l.elementsOf(n, change)
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			change(&n.X, l.typeOf(n.Y))
			change(&n.Y, l.typeOf(n.X))
		}
	}
}

// underlying is a type's; nil if there is no type.
func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func (l *Lowered) argumentsOf(call *ast.CallExpr, each func([]ast.Expr, func(int) types.Type)) {
	known := l.Info.Types[call.Fun]
	switch t := underlying(known.Type).(type) {
	case *types.Signature:
		if id, ok := call.Fun.(*ast.Ident); ok && known.IsBuiltin() && id.Name != "append" {
			return
		}
		params := t.Params()
		each(call.Args, func(i int) types.Type {
			switch last := params.Len() - 1; {
			case t.Variadic() && i >= last && call.Ellipsis == token.NoPos:
				slice, _ := params.At(last).Type().(*types.Slice)
				if slice == nil { // append(bytes, text...)
					return nil
				}
				return slice.Elem()
			case i > last:
				return nil
			default:
				return params.At(i).Type()
			}
		})
	default:
		if known.IsType() {
			each(call.Args, func(int) types.Type { return known.Type })
		}
	}
}

func (l *Lowered) elementsOf(n *ast.CompositeLit, change func(*ast.Expr, types.Type)) {
	t := l.typeOf(n)
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	for i, e := range n.Elts {
		value, pair := &n.Elts[i], (*ast.KeyValueExpr)(nil)
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			value, pair = &kv.Value, kv
		}
		switch t := t.Underlying().(type) {
		case *types.Struct:
			if pair == nil {
				change(value, t.Field(i).Type())
			} else if field, ok := l.Info.Uses[pair.Key.(*ast.Ident)]; ok {
				change(value, field.Type())
			}
		case *types.Map:
			change(&pair.Key, t.Key())
			change(value, t.Elem())
		case interface{ Elem() types.Type }:
			change(value, t.Elem())
		}
	}
}

// toInterface makes interfaces of a cell's values:
//
//	type names []string
//	func (n names) Len() int           { return len(n) }
//	func (n names) Less(i, j int) bool { return n[i] < n[j] }
//	func (n names) Swap(i, j int)      { n[i], n[j] = n[j], n[i] }
//	sort.Sort(&names{"b", "a"})
//
// The interpreter hands the pointer to methods that want the value, knows the interfaces
// of packages alone that are imported, and can make none of a constant.
func toInterface(l *Lowered, c *astutil.Cursor) {
	l.conversions(c.Node(), func(e *ast.Expr, to types.Type) {
		from := l.typeOf(*e)
		if l.betweenStructs(from, to) {
			*e = l.call(l.typeExpr(to), to, *e)
		}
		if _, ok := underlying(to).(*types.Interface); !ok || from == nil {
			return
		}
		if l.inCircle(to) {
			*e = l.kept(*e)
			return
		}
		if types.IsInterface(from) {
			*e = l.refaced(*e, to)
			return
		}
		named := namedOf(from)
		if named == nil || named.Obj().Pkg() != l.Package {
			return
		}
		if l.Info.Types[*e].Value != nil {
			*e = l.copyOf(*e)
		}
		if to.Underlying().(*types.Interface).Empty() && !l.callsCompiled(c.Node()) && types.NewMethodSet(types.NewPointer(named)).Len() > 0 {
			*e = l.kept(*e)
		}
		target, ok := types.Unalias(to).(*types.Named)
		if !ok || !l.canWrite(target) {
			return
		}
		if _, isBasic := from.Underlying().(*types.Basic); isBasic && target.Obj().Pkg() == l.Package && target.Obj().Parent() == l.Package.Scope() {
			*e = l.call(l.name(Pointed), to, l.typeExpr(to), *e)
		}
		if target.Obj().Pkg() == l.Package {
			return
		}
		if target.Obj().Pkg() != nil {
			l.imported(target.Obj().Pkg())
		}
		*e = l.pointed(*e, to)
	})
}

// kept is a value whose methods are found in an interface of anything.
func (l *Lowered) kept(e ast.Expr) ast.Expr {
	t := l.typeOf(e)
	if l.Info.Types[e].Value != nil {
		return l.copyOf(e)
	}
	named := namedOf(t)
	if named == nil || named.Obj().Pkg() != l.Package || types.IsInterface(named) {
		return e
	}
	switch named.Underlying().(type) {
	case *types.Basic, *types.Struct:
		return e
	}
	return l.call(l.name(Typed), types.Universe.Lookup("any").Type(), e)
}

// callsCompiled reports whether a node calls a function of a package, which wants a value
// as it is.
func (l *Lowered) callsCompiled(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && l.Info.Uses[f.Sel] != nil && l.Info.Uses[f.Sel].Pkg() != l.Package
}

// betweenStructs reports whether one type is a cell's struct, and the other the same
// without a name, to which rule own gives no tag.
func (l *Lowered) betweenStructs(from, to types.Type) bool {
	if from == nil || to == nil || types.Identical(from, to) || !types.Identical(from.Underlying(), to.Underlying()) {
		return false
	}
	_, ok := to.Underlying().(*types.Struct)
	return ok && l.canWrite(to) && (namedOf(from) == nil) != (namedOf(to) == nil)
}

// refaced makes an interface of another: the interpreter would look for the methods of a
// cell's in the value where the other has them, and takes what a package's holds for a value
// that has all of its methods itself.
func (l *Lowered) refaced(e ast.Expr, to types.Type) ast.Expr {
	from := l.typeOf(e)
	if l.inCircle(from) && hasMethods(to) && l.canWrite(to) {
		return l.call(l.name(Refaced), to, l.typeExpr(to), e)
	}
	named, ok := types.Unalias(to).(*types.Named)
	if !ok || !l.canWrite(named) || named.Obj().Pkg() == l.Package && named.Obj().Parent() != l.Package.Scope() {
		return e
	}
	if !hasMethods(to) || !hasMethods(from) || types.Identical(from, to) {
		return e
	}
	return l.call(l.name(Refaced), to, l.typeExpr(to), e)
}

// pointed makes a value of another package's interface where the interpreter fails: of a
// pointer, some of whose methods want what it points to, or of a number or text that is
// handed to a function.
func (l *Lowered) pointed(e ast.Expr, to types.Type) ast.Expr {
	from := l.typeOf(e)
	_, isBasic := from.Underlying().(*types.Basic)
	if !isBasic && (!isPointer(from) || !hasValueMethod(namedOf(from), to.Underlying().(*types.Interface))) {
		return e
	}
	return l.call(l.name(Pointed), to, l.typeExpr(to), e)
}

// hasValueMethod reports whether one of an interface's methods is the type's, and not its
// pointer's.
func hasValueMethod(named *types.Named, face *types.Interface) bool {
	values := types.NewMethodSet(named)
	for method := range face.Methods() {
		if values.Lookup(method.Pkg(), method.Name()) != nil {
			return true
		}
	}
	return false
}
