// copy.go: a cell's tree is kept as it was checked, for later cells ask for it. Rules
// change a copy.

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
)

// A copier copies syntax trees, with all that the checker knows of them.
type copier struct {
	from, into *types.Info // nil if nothing is known
	place      func(token.Pos) token.Pos
	// other, if there is one, says what takes the place of a node; nil if its copy does.
	other func(ast.Node) ast.Node
}

func newInfo() *types.Info {
	return &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
}

func (c copier) node(n ast.Node) ast.Node {
	return c.value(reflect.ValueOf(n)).Interface().(ast.Node)
}

var (
	posType     = reflect.TypeFor[token.Pos]()
	commentType = reflect.TypeFor[*ast.CommentGroup]() // nobody needs a copy
)

// value copies a value of a tree.
func (c copier) value(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		return c.value(v.Elem())
	case reflect.Pointer:
		if v.IsNil() || v.Type() == commentType {
			return reflect.Zero(v.Type())
		}
		if node, ok := v.Interface().(ast.Node); ok && c.other != nil {
			if other := c.other(node); other != nil {
				return reflect.ValueOf(other)
			}
		}
		return c.pointer(v)
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		made := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			made.Index(i).Set(c.value(v.Index(i)))
		}
		return made
	}
	if v.Type() == posType {
		return reflect.ValueOf(c.place(token.Pos(v.Int())))
	}
	return v
}

// learn notes of a copy what is known of the original.
func (c copier) learn(original, made any) {
	if e, ok := original.(ast.Expr); ok {
		if known, ok := c.from.Types[e]; ok {
			c.into.Types[made.(ast.Expr)] = known
		}
	}
	switch n := original.(type) {
	case *ast.Ident:
		same(c.from.Defs, c.into.Defs, n, made.(*ast.Ident))
		same(c.from.Uses, c.into.Uses, n, made.(*ast.Ident))
		same(c.from.Instances, c.into.Instances, n, made.(*ast.Ident))
	case *ast.SelectorExpr:
		same(c.from.Selections, c.into.Selections, n, made.(*ast.SelectorExpr))
	}
	if n, ok := original.(ast.Node); ok {
		same(c.from.Implicits, c.into.Implicits, n, made.(ast.Node))
	}
}

// pointer copies what a pointer points to.
func (c copier) pointer(v reflect.Value) reflect.Value {
	made := reflect.New(v.Type().Elem())
	for i := range v.Elem().NumField() {
		made.Elem().Field(i).Set(c.value(v.Elem().Field(i)))
	}
	if c.from != nil {
		c.learn(v.Interface(), made.Interface())
	}
	return made
}

// same notes in one map for a copy what the other has for the original.
func same[K comparable, V any](from, into map[K]V, original, made K) {
	if known, ok := from[original]; ok {
		into[made] = known
	}
}
