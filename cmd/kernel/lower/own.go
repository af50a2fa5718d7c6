package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"sync/atomic"

	"golang.org/x/tools/go/ast/astutil"
)

// own makes a type of a cell differ from all others that are made of the same:
//
//	type celsius float64
//	type point struct{ x, y int }
//	var v any = celsius(1)
//	_, same := v.(float64)
//
// The interpreter keeps in an interface only what a type is made of. So celsius is made of
// a compiled type that nobody else uses, and the first field of point gets a tag of its own.
func own(l *Lowered, c *astutil.Cursor) {
	spec, ok := c.Node().(*ast.TypeSpec)
	if !ok || spec.Assign.IsValid() || spec.TypeParams != nil {
		return
	}
	o, ok := l.Info.Defs[spec.Name].(*types.TypeName)
	if !ok {
		return
	}
	switch u := o.Type().Underlying().(type) {
	case *types.Basic:
		if u.Kind() != types.UnsafePointer {
			l.ownKind(spec, kinds[u.Kind()])
		}
	case *types.Struct:
		if u.NumFields() == 0 {
			l.ownKind(spec, reflect.Struct)
		} else {
			l.ownFields(spec, u)
		}
	}
}

// kinds are those of reflect, by those of the checker.
var kinds = func() map[types.BasicKind]reflect.Kind {
	all := make(map[types.BasicKind]reflect.Kind)
	for kind := reflect.Bool; kind <= reflect.String; kind++ {
		if o, ok := types.Universe.Lookup(kind.String()).(*types.TypeName); ok {
			all[o.Type().(*types.Basic).Kind()] = kind
		}
	}
	return all
}()

func (l *Lowered) ownKind(spec *ast.TypeSpec, kind reflect.Kind) {
	name := l.name(l.fresh("own"))
	l.typed(name, l.typeOf(spec.Type))
	l.Own[name.Name] = kind
	spec.Type = name
}

// tags is how many fields have got a tag.
var tags atomic.Int64

func (l *Lowered) ownFields(spec *ast.TypeSpec, t *types.Struct) {
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		if named := namedOf(l.typeOf(spec.Type)); named == nil || named.Obj().Pkg() != l.Package || named.TypeArgs().Len() > 0 {
			return
		}
		l.at = spec.Type.Pos()
		fields = l.structure(t)
		l.typed(fields, t)
		spec.Type = fields
	}
	tagField(fields.Fields.List[0], TagKey, strconv.FormatInt(tags.Add(1), 10))
}

// tagField adds to a field's tag.
func tagField(field *ast.Field, key, value string) {
	tag := ""
	if field.Tag != nil {
		tag, _ = strconv.Unquote(field.Tag.Value)
		tag += " "
	}
	tag += key + ":" + strconv.Quote(value)
	field.Tag = &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(tag), ValuePos: field.Pos()}
}

// TagKey is that of the tag that makes a struct differ.
const TagKey = "stepwise_kernel"

// known registers a type that a function declares.
func known(l *Lowered, c *astutil.Cursor) {
	statement, ok := c.Node().(*ast.DeclStmt)
	if !ok || c.Index() < 0 {
		return
	}
	d := statement.Decl.(*ast.GenDecl)
	if d.Tok != token.TYPE {
		return
	}
	for _, spec := range d.Specs {
		if spec := spec.(*ast.TypeSpec); spec.Name.Name != "_" && !spec.Assign.IsValid() {
			c.InsertAfter(&ast.ExprStmt{X: l.call(l.name(Owns), nil, l.name(spec.Name.Name))})
		}
	}
}
