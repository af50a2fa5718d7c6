// typeexpr.go: a type, written as Go that the interpreter reads in the cell.

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"stepwise/cmd/kernel/check"
)

// typeExpr writes a type.
func (l *Lowered) typeExpr(t types.Type) ast.Expr {
	e := l.writeType(t)
	l.Info.Types[e] = types.TypeAndValue{Type: t}
	return e
}

func (l *Lowered) writeType(t types.Type) ast.Expr {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return l.member(types.Unsafe, "Pointer")
		}
		return l.name(t.Name())
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			return l.namelessInstance(t)
		}
		return l.namedType(t.Obj())
	case *types.Pointer:
		return &ast.StarExpr{X: l.typeExpr(t.Elem()), Star: l.at}
	case *types.Slice:
		return &ast.ArrayType{Elt: l.typeExpr(t.Elem()), Lbrack: l.at}
	case *types.Array:
		length := &ast.BasicLit{Kind: token.INT, Value: strconv.FormatInt(t.Len(), 10)}
		return &ast.ArrayType{Len: length, Elt: l.typeExpr(t.Elem()), Lbrack: l.at}
	case *types.Map:
		return &ast.MapType{Key: l.typeExpr(t.Key()), Value: l.typeExpr(t.Elem()), Map: l.at}
	case *types.Chan:
		direction := []ast.ChanDir{types.SendRecv: ast.SEND | ast.RECV, types.SendOnly: ast.SEND, types.RecvOnly: ast.RECV}
		return &ast.ChanType{Dir: direction[t.Dir()], Value: l.typeExpr(t.Elem()), Begin: l.at}
	case *types.Signature:
		return l.signature(t, nil)
	case *types.Struct:
		return l.structure(t)
	case *types.Interface:
		return l.face(t)
	}
	panic(fmt.Sprintf("lower: a type of a kind that can't be written: %T", t))
}

// namelessInstance is an instance of a package's generic type, by its alias or as what it
// is made of: q := wait.NewQueue(1) makes a wait.Queue.
func (l *Lowered) namelessInstance(t *types.Named) ast.Expr {
	if alias := aliasOf(t); alias != nil {
		return l.namedType(alias)
	}
	return l.typeExpr(t.Underlying())
}

// namedType is the name of a type, with its package if that isn't the cell's.
func (l *Lowered) namedType(o *types.TypeName) ast.Expr {
	if o.Pkg() == nil || o.Pkg() == l.Package {
		return l.name(Known(o.Name()))
	}
	return l.member(o.Pkg(), o.Name())
}

// member is a name of a package, which the cell need not import.
func (l *Lowered) member(p *types.Package, name string) ast.Expr {
	return &ast.SelectorExpr{X: l.imported(p), Sel: l.name(name)}
}

// signature is a function's type. names, if there are any, are those of its parameters.
func (l *Lowered) signature(t *types.Signature, names []*types.Var) *ast.FuncType {
	f := &ast.FuncType{Func: l.at, Params: &ast.FieldList{Opening: l.at}, Results: &ast.FieldList{}}
	for i := range t.Params().Len() {
		field := &ast.Field{}
		if slice, ok := t.Params().At(i).Type().(*types.Slice); ok && t.Variadic() && i == t.Params().Len()-1 {
			field.Type = &ast.Ellipsis{Elt: l.typeExpr(slice.Elem())}
		} else {
			field.Type = l.typeExpr(t.Params().At(i).Type())
		}
		if names != nil {
			field.Names = []*ast.Ident{l.define(names[i])}
		}
		f.Params.List = append(f.Params.List, field)
	}
	for v := range t.Results().Variables() {
		f.Results.List = append(f.Results.List, &ast.Field{Type: l.typeExpr(v.Type())})
	}
	return f
}

func (l *Lowered) structure(t *types.Struct) *ast.StructType {
	fields := &ast.FieldList{Opening: l.at}
	for i := range t.NumFields() {
		field := &ast.Field{Type: l.typeExpr(t.Field(i).Type())}
		if !t.Field(i).Embedded() || l.inCircle(t.Field(i).Type()) {
			field.Names = []*ast.Ident{l.name(t.Field(i).Name())}
		}
		if t.Tag(i) != "" {
			field.Tag = &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(t.Tag(i))}
		}
		fields.List = append(fields.List, field)
	}
	return &ast.StructType{Struct: l.at, Fields: fields}
}

func (l *Lowered) face(t *types.Interface) ast.Expr {
	fields := &ast.FieldList{Opening: l.at}
	for method := range t.Methods() {
		fields.List = append(fields.List, &ast.Field{Names: []*ast.Ident{l.name(method.Name())}, Type: l.signature(method.Signature(), nil)})
	}
	return &ast.InterfaceType{Interface: l.at, Methods: fields}
}

// canWrite reports whether a type can be written: other packages keep some to themselves.
func (l *Lowered) canWrite(t types.Type) bool {
	return !check.MadeOf(t, nowhere, func(t types.Type) bool {
		named, ok := t.(*types.Named)
		if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg() == l.Package {
			return false
		}
		return !named.Obj().Exported() || named.Obj().Parent() != named.Obj().Pkg().Scope()
	})
}
