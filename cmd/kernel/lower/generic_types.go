// generic_types.go: types, written with arguments for type parameters. Read
// generic_write.go first.

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// typeExpr writes a type.
func (p *pass) typeExpr(b bound) ast.Expr {
	with := func(t types.Type) ast.Expr { return p.typeExpr(bound{t, b.in}) }
	switch t := types.Unalias(b.t).(type) {
	case *types.TypeParam:
		return p.typeExpr(b.in[t])
	case *types.Basic:
		return ast.NewIdent(t.Name())
	case *types.Named:
		return p.namedType(t, b)
	case *types.Pointer:
		return &ast.StarExpr{X: with(t.Elem())}
	case *types.Slice:
		return &ast.ArrayType{Elt: with(t.Elem())}
	case *types.Array:
		return &ast.ArrayType{Len: &ast.BasicLit{Kind: token.INT, Value: strconv.FormatInt(t.Len(), 10)}, Elt: with(t.Elem())}
	case *types.Map:
		return &ast.MapType{Key: with(t.Key()), Value: with(t.Elem())}
	case *types.Chan:
		return &ast.ChanType{Dir: []ast.ChanDir{types.SendRecv: ast.SEND | ast.RECV, types.SendOnly: ast.SEND, types.RecvOnly: ast.RECV}[t.Dir()], Value: with(t.Elem())}
	case *types.Signature:
		return p.signature(t, b)
	case *types.Struct:
		fields := &ast.FieldList{}
		for i := range t.NumFields() {
			field := &ast.Field{Type: with(t.Field(i).Type())}
			if !t.Field(i).Embedded() {
				field.Names = []*ast.Ident{ast.NewIdent(t.Field(i).Name())}
			}
			if t.Tag(i) != "" {
				field.Tag = &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(t.Tag(i))}
			}
			fields.List = append(fields.List, field)
		}
		return &ast.StructType{Fields: fields}
	case *types.Interface:
		fields := &ast.FieldList{}
		for method := range t.Methods() {
			fields.List = append(fields.List, &ast.Field{Names: []*ast.Ident{ast.NewIdent(method.Name())}, Type: p.signature(method.Signature(), b)})
		}
		return &ast.InterfaceType{Methods: fields}
	}
	refuse(token.NoPos, "cells can't use the type %s as a type argument", b.t)
	return nil
}

func (p *pass) namedType(t *types.Named, b bound) ast.Expr {
	o := t.Obj()
	if t.TypeArgs().Len() > 0 {
		var args []bound
		for arg := range t.TypeArgs().Types() {
			args = append(args, bound{arg, b.in})
		}
		return p.named(b, o, args, token.NoPos)
	}
	switch {
	case o.Pkg() == nil:
		return ast.NewIdent(o.Name())
	case o.Parent() != o.Pkg().Scope():
		refuse(o.Pos(), "the type %s is declared in a function, and cells can't use it as a type argument: declare it outside of the function", o.Name())
	case o.Pkg().Path() == p.cell.Package.Path():
		return ast.NewIdent(o.Name())
	case !o.Exported():
		refuse(token.NoPos, "cells can't use the type %s as a type argument: its package keeps it to itself", qualified(o))
	}
	return p.member(o.Pkg().Path(), o.Name(), token.NoPos)
}

func (p *pass) signature(t *types.Signature, b bound) *ast.FuncType {
	f := &ast.FuncType{Params: &ast.FieldList{}, Results: &ast.FieldList{}}
	for i := range t.Params().Len() {
		kind := t.Params().At(i).Type()
		field := &ast.Field{}
		if slice, ok := kind.(*types.Slice); ok && t.Variadic() && i == t.Params().Len()-1 {
			field.Type = &ast.Ellipsis{Elt: p.typeExpr(bound{slice.Elem(), b.in})}
		} else {
			field.Type = p.typeExpr(bound{kind, b.in})
		}
		f.Params.List = append(f.Params.List, field)
	}
	for v := range t.Results().Variables() {
		f.Results.List = append(f.Results.List, &ast.Field{Type: p.typeExpr(bound{v.Type(), b.in})})
	}
	return f
}
