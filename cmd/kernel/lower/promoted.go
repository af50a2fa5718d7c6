package lower

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"

	"stepwise/cmd/kernel/check"
)

// promoted says where an embedded field's field or method comes from:
//
//	type base struct{ name string }
//	func (b base) Name() string { return b.name }
//	type dog struct{ base }
//	func (dog) Name() string { return "dog" }
//	fmt.Println(dog{}.name, dog{}.base.Name())
//
// The interpreter gets lost where both types have the method; and it finds no field of a
// struct without a name behind a pointer.
func promoted(l *Lowered, c *astutil.Cursor) {
	f, ok := c.Node().(*ast.SelectorExpr)
	if !ok {
		return
	}
	s := l.Info.Selections[f]
	if s == nil || s.Kind() != types.FieldVal {
		return
	}
	f.X = l.path(f.X, s)
	if t := l.typeOf(f.X); isPointer(t) {
		if _, ok := types.Unalias(t.Underlying().(*types.Pointer).Elem()).(*types.Struct); ok {
			f.X = &ast.ParenExpr{X: l.star(f.X)} // a pointer to a struct without a name
		}
	}
}

// promotedMethods gives a type the methods of what it embeds: interfaces need them.
func (l *Lowered) promotedMethods() {
	for _, d := range l.New {
		named := typeDeclared(d)
		if named == nil || types.IsInterface(named) || named.TypeParams().Len() > 0 || l.Again[d.Name] {
			continue
		}
		values := types.NewMethodSet(named)
		for s := range types.NewMethodSet(types.NewPointer(named)).Methods() {
			if o := s.Obj(); len(s.Index()) == 1 || !o.Exported() && o.Pkg() != l.Package {
				continue
			}
			l.at = d.Node.Pos()
			var of types.Type = named
			if values.Lookup(s.Obj().Pkg(), s.Obj().Name()) == nil {
				of = types.NewPointer(named)
			}
			l.Methods = append(l.Methods, l.wrapper(s.Obj().(*types.Func), of, func(receiver ast.Expr) ast.Expr { return l.receiver(receiver, s) }))
		}
	}
}

// typeDeclared is the type that a declaration makes; nil if it makes none.
func typeDeclared(d *check.Declaration) *types.Named {
	o, ok := d.Object.(*types.TypeName)
	if !ok || o.IsAlias() {
		return nil
	}
	named, _ := o.Type().(*types.Named)
	return named
}
