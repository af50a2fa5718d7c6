package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// Self is the builtin that gives a field its type back: self(T, v) is v.(T), or nil if
// there is nothing in v.
const Self = Prefix + "self"

// SelfKey is that of the tag that says a field's own type, as Go prints it.
const SelfKey = Prefix + "self"

// selves makes a field of anything where a struct names itself:
//
//	type node struct {
//		next *node
//	}
//
// The interpreter can make no such type. It takes the field, all that is made of *node, and
// what functions with a *node take and return, for something that it doesn't know yet.
func selves(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.TypeSpec:
		fields, ok := n.Type.(*ast.StructType)
		named, _ := l.typeOf(n.Name).(*types.Named)
		if !ok || named == nil {
			return
		}
		for _, field := range fields.Fields.List {
			if field.Names != nil && isSelf(named, l.typeOf(field.Type)) {
				tagField(field, SelfKey, types.TypeString(l.typeOf(field.Type), func(p *types.Package) string { return p.Name() }))
				field.Type = &ast.InterfaceType{Interface: field.Type.Pos(), Methods: &ast.FieldList{Opening: field.Type.Pos()}}
				l.typed(field.Type, types.Universe.Lookup("any").Type())
			}
		}
	case *ast.SelectorExpr:
		if t := l.selfField(n); t != nil {
			l.readSelf(c, n, t)
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			f, ok := ast.Unparen(left).(*ast.SelectorExpr)
			if !ok || len(n.Rhs) != len(n.Lhs) || l.Info.Types[n.Rhs[i]].IsNil() {
				continue
			}
			if t := l.selfField(f); t != nil {
				n.Rhs[i] = l.convert(t, n.Rhs[i])
			}
		}
		l.storeElements(c, n)
	case *ast.CompositeLit:
		named := namedOf(l.typeOf(n))
		if named == nil {
			return
		}
		l.elementsOf(n, func(e *ast.Expr, to types.Type) {
			if isSelf(named, to) && !l.Info.Types[*e].IsNil() {
				*e = l.convert(to, *e)
			}
		})
	}
}

// storeElements stores an array anew of which an element is assigned to, for what is in an
// interface can't be changed:
//
//	type trie struct{ next [26]*trie }
//	t.next[i] = &trie{}
func (l *Lowered) storeElements(c *astutil.Cursor, n *ast.AssignStmt) {
	if !slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return l.selfElement(e) != nil }) {
		return
	}
	var values []*types.Var
	var ahead, sets []ast.Stmt
	keep := func(e *ast.Expr) { // what it is now
		if l.Info.Types[*e].Value == nil {
			v := l.variable("place", l.typeOf(*e))
			ahead, *e = append(ahead, l.let(v, *e)), l.use(v)
		}
	}
	for i, left := range n.Lhs {
		t := l.typeOf(left)
		if tuple, ok := l.typeOf(n.Rhs[0]).(*types.Tuple); ok {
			t = tuple.At(i).Type()
		} else if blank(left) {
			t = l.typeOf(n.Rhs[i])
		} else {
			n.Rhs[i] = l.convert(t, n.Rhs[i])
		}
		values = append(values, l.variable("value", t))
		set := l.set(left, l.use(values[i]))
		if field := l.selfElement(left); field != nil {
			element := ast.Unparen(left).(*ast.IndexExpr)
			if isPointer(l.typeOf(field.X)) {
				keep(&field.X)
			}
			keep(&element.Index)
			array := l.variable("array", l.typeOf(element.X))
			sets = append(sets, l.let(array, element.X), set, l.set(l.again(field), l.use(array)))
			element.X = l.use(array)
		} else {
			sets = append(sets, set)
		}
	}
	list := append(append(ahead, l.assign(token.DEFINE, l.defines(values), n.Rhs)), sets...)
	if c.Name() == "Post" || c.Name() == "Init" { // where no block can be
		c.Replace(&ast.ExprStmt{X: l.call(l.literal(list...), nil)})
		return
	}
	c.Replace(l.block(list...))
}

// selfElement is the field of anything of whose array an expression is an element; nil if
// it is none.
func (l *Lowered) selfElement(e ast.Expr) *ast.SelectorExpr {
	index, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(index.X).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	id, ok := call.Fun.(*ast.Ident)
	if _, isArray := underlying(l.typeOf(call)).(*types.Array); !ok || id.Name != Self || !isArray {
		return nil
	}
	return call.Args[1].(*ast.SelectorExpr)
}

// isSelf reports whether a field's type leads back to its struct. In an interface the
// interpreter keeps it as it is.
func isSelf(named *types.Named, field types.Type) bool {
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return false
	}
	switch underlying(field).(type) {
	case *types.Pointer, *types.Slice, *types.Array, *types.Map, *types.Signature, *types.Chan:
		return leadsTo(field, named)
	}
	return false
}

// selfField is the type of a field that is one of anything now; nil for any other.
func (l *Lowered) selfField(n *ast.SelectorExpr) types.Type {
	s := l.Info.Selections[n]
	if s == nil || s.Kind() != types.FieldVal {
		return nil
	}
	of := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		of = structOf(of).Field(i).Type()
	}
	named, field := namedOf(of), s.Obj().(*types.Var)
	if named == nil || named.Obj().Pkg() != l.Package || field.Embedded() || !isSelf(named, field.Type()) {
		return nil
	}
	return field.Type()
}

// readSelf gives a field that is read its type back. One that is assigned to needs none.
func (l *Lowered) readSelf(c *astutil.Cursor, n *ast.SelectorExpr, t types.Type) {
	switch parent := c.Parent().(type) {
	case *ast.AssignStmt:
		if c.Name() == "Lhs" {
			return
		}
	case *ast.UnaryExpr:
		if parent.Op == token.AND {
			l.refuse(parent, "the address of "+n.Sel.Name+", a field whose type names its own struct: use the address of the struct")
			return
		}
	case *ast.SelectorExpr:
		if s := l.Info.Selections[parent]; s != nil && s.Kind() == types.MethodVal && isPointer(s.Obj().(*types.Func).Signature().Recv().Type()) && !isPointer(t) {
			l.refuse(parent, "a method that changes "+n.Sel.Name+", a field whose type names its own struct: make it one of the struct")
			return
		}
	}
	c.Replace(l.call(l.name(Self), t, l.typeExpr(t), n))
}
