// express.go: a type, written as Go. The declarations that are alive in a session enter
// each check anew, in their newest form. That form is made of their types, not of their
// source: so a name that means something else today can't change what it meant then.

package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// An expresser writes types of one package, from, for another that is being made, into.
type expresser struct {
	from  *types.Package
	into  *types.Package
	name  func(*types.TypeName) string // what a type of from is called in into
	words map[any]string               // the hidden names of types and values from elsewhere
	paths map[string]string            // the hidden names of packages whose types are embedded, by path
}

// ours reports whether an object is declared in from, outside all functions.
func (e *expresser) ours(o types.Object) bool {
	return o.Pkg() == e.from && o.Parent() == e.from.Scope()
}

// mentions reports whether a type has a part that is declared in from, or a parameter.
// Any other can be used as it is: it is the same in every check. Fields count, for the
// checker compares the packages of unexported ones.
func (e *expresser) mentions(t types.Type) bool {
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Alias:
		return e.ours(t.Obj()) || e.mentions(types.Unalias(t))
	case *types.Named:
		if e.ours(t.Obj()) {
			return true
		}
		for arg := range t.TypeArgs().Types() {
			if e.mentions(arg) {
				return true
			}
		}
	case *types.Map:
		return e.mentions(t.Key()) || e.mentions(t.Elem())
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return e.mentions(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if e.mentions(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return t.TypeParams().Len() > 0 || e.mentions(t.Params()) || e.mentions(t.Results())
	case *types.Struct:
		for field := range t.Fields() {
			if field.Pkg() == e.from || e.mentions(field.Type()) {
				return true
			}
		}
	case *types.Interface:
		for method := range t.ExplicitMethods() {
			if e.mentions(method.Type()) {
				return true
			}
		}
		for embedded := range t.EmbeddedTypes() {
			if e.mentions(embedded) {
				return true
			}
		}
	case *types.Union:
		for term := range t.Terms() {
			if e.mentions(term.Type()) {
				return true
			}
		}
	}
	return false
}

// hidden is a name in into that no cell can have, for a type or constant from elsewhere.
func (e *expresser) hidden(key any, declare func(name string) types.Object) *ast.Ident {
	name, ok := e.words[key]
	if !ok {
		name = fmt.Sprintf("«%d»", len(e.words))
		e.words[key] = name
		e.into.Scope().Insert(declare(name))
	}
	return ast.NewIdent(name)
}

// expr writes a type.
func (e *expresser) expr(t types.Type) ast.Expr {
	if !e.mentions(t) {
		return e.hidden(t, func(name string) types.Object { return types.NewTypeName(token.NoPos, e.into, name, t) })
	}
	switch t := t.(type) {
	case *types.TypeParam:
		return ast.NewIdent(t.Obj().Name())
	case *types.Alias:
		if !e.ours(t.Obj()) {
			return e.expr(types.Unalias(t))
		}
		return e.instance(ast.NewIdent(e.name(t.Obj())), t.TypeArgs())
	case *types.Named:
		if !e.ours(t.Obj()) { // a generic type of a package, with an argument of ours
			return e.instance(e.selector(t.Obj()), t.TypeArgs())
		}
		return e.instance(ast.NewIdent(e.name(t.Obj())), t.TypeArgs())
	case *types.Pointer:
		return &ast.StarExpr{X: e.expr(t.Elem())}
	case *types.Slice:
		return &ast.ArrayType{Elt: e.expr(t.Elem())}
	case *types.Array:
		return &ast.ArrayType{Len: &ast.BasicLit{Kind: token.INT, Value: strconv.FormatInt(t.Len(), 10)}, Elt: e.expr(t.Elem())}
	case *types.Map:
		return &ast.MapType{Key: e.expr(t.Key()), Value: e.expr(t.Elem())}
	case *types.Chan:
		direction := map[types.ChanDir]ast.ChanDir{types.SendRecv: ast.SEND | ast.RECV, types.SendOnly: ast.SEND, types.RecvOnly: ast.RECV}
		return &ast.ChanType{Dir: direction[t.Dir()], Value: e.expr(t.Elem())}
	case *types.Signature:
		return e.signature(t)
	case *types.Struct:
		return e.structure(t)
	case *types.Interface:
		return e.face(t)
	case *types.Union:
		return e.union(t)
	}
	panic(fmt.Sprintf("check: a type of a kind that go/types didn't have when this was written: %T", t))
}

// selector is the name of a type of another package, with its package.
func (e *expresser) selector(o *types.TypeName) ast.Expr {
	path := o.Pkg().Path()
	if e.paths[path] == "" {
		e.paths[path] = fmt.Sprintf("«%s»", path)
	}
	return &ast.SelectorExpr{X: ast.NewIdent(e.paths[path]), Sel: ast.NewIdent(o.Name())}
}

// instance is a type with its arguments; without any, the type itself.
func (e *expresser) instance(of ast.Expr, args *types.TypeList) ast.Expr {
	if args.Len() == 0 {
		return of
	}
	list := &ast.IndexListExpr{X: of}
	for arg := range args.Types() {
		list.Indices = append(list.Indices, e.expr(arg))
	}
	return list
}

func (e *expresser) signature(t *types.Signature) *ast.FuncType {
	f := &ast.FuncType{TypeParams: e.parameters(t.TypeParams()), Params: e.fields(t.Params(), t.Variadic())}
	if t.Results().Len() > 0 { // main and init must have none
		f.Results = e.fields(t.Results(), false)
	}
	return f
}

// fields are the parameters or results of a function.
func (e *expresser) fields(list *types.Tuple, variadic bool) *ast.FieldList {
	fields := &ast.FieldList{}
	for i := range list.Len() {
		v := list.At(i)
		field := &ast.Field{Type: e.expr(v.Type())}
		if slice, ok := v.Type().(*types.Slice); ok && variadic && i == list.Len()-1 {
			field.Type = &ast.Ellipsis{Elt: e.expr(slice.Elem())}
		}
		if v.Name() != "" {
			field.Names = []*ast.Ident{ast.NewIdent(v.Name())}
		}
		fields.List = append(fields.List, field)
	}
	return fields
}

// parameters are the type parameters of a function or type; nil if it has none.
func (e *expresser) parameters(list *types.TypeParamList) *ast.FieldList {
	if list.Len() == 0 {
		return nil
	}
	fields := &ast.FieldList{}
	for p := range list.TypeParams() {
		fields.List = append(fields.List, &ast.Field{Names: []*ast.Ident{ast.NewIdent(p.Obj().Name())}, Type: e.expr(p.Constraint())})
	}
	return fields
}

func (e *expresser) structure(t *types.Struct) ast.Expr {
	fields := &ast.FieldList{}
	for i := range t.NumFields() {
		v := t.Field(i)
		field := &ast.Field{Type: e.expr(v.Type())}
		if v.Embedded() {
			field.Type = e.embedded(v)
		} else {
			field.Names = []*ast.Ident{ast.NewIdent(v.Name())}
		}
		if t.Tag(i) != "" {
			field.Tag = &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(t.Tag(i))}
		}
		fields.List = append(fields.List, field)
	}
	return &ast.StructType{Fields: fields}
}

// embedded is the type of an embedded field, which has its name from it.
func (e *expresser) embedded(v *types.Var) ast.Expr {
	t := v.Type()
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		return &ast.StarExpr{X: e.embedded(types.NewVar(v.Pos(), v.Pkg(), v.Name(), pointer.Elem()))}
	}
	var object *types.TypeName
	switch t := t.(type) {
	case *types.Alias:
		object = t.Obj()
	case *types.Named:
		object = t.Obj()
	}
	switch {
	case object == nil || object.Pkg() == nil: // int, error
		return ast.NewIdent(v.Name())
	case e.ours(object) || e.mentions(t) || object.Pkg() == e.from:
		return e.expr(t)
	}
	return e.selector(object)
}

func (e *expresser) face(t *types.Interface) ast.Expr {
	fields := &ast.FieldList{}
	for method := range t.ExplicitMethods() {
		fields.List = append(fields.List, &ast.Field{Names: []*ast.Ident{ast.NewIdent(method.Name())}, Type: e.signature(method.Signature())})
	}
	for embedded := range t.EmbeddedTypes() {
		fields.List = append(fields.List, &ast.Field{Type: e.expr(embedded)})
	}
	return &ast.InterfaceType{Methods: fields}
}

func (e *expresser) union(t *types.Union) (all ast.Expr) {
	for term := range t.Terms() {
		one := e.expr(term.Type())
		if term.Tilde() {
			one = &ast.UnaryExpr{Op: token.TILDE, X: one}
		}
		if all == nil {
			all = one
		} else {
			all = &ast.BinaryExpr{X: all, Op: token.OR, Y: one}
		}
	}
	return all
}
