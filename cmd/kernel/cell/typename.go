package cell

import (
	"go/ast"
	"reflect"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// typeNaming is the builtin that says the name of the type of what is in an interface, as
// %T does in a compiled program.
func typeNaming() fast.Builtin {
	return fast.Builtin{ArgMin: 1, ArgMax: 1, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		argument := c.Expr1(node.Args[0], nil)
		return callOf(c, []*fast.Expr{argument}, c.TypeOfString(), func(args []reflect.Value) reflect.Value {
			return reflect.ValueOf(typeNameOf(dynamicOf(args[0])))
		})
	}}
}

func typeNameOf(d dynamic) string {
	raw := d.value.ReflectValue()
	switch {
	case d.kind != nil:
		return nameOf(d.kind)
	case !raw.IsValid() || isNone(raw):
		return "<nil>"
	}
	switch in := raw.Interface().(type) {
	case conn:
		return reflect.TypeOf(in.Conn).String()
	case listener:
		return reflect.TypeOf(in.Listener).String()
	}
	return raw.Type().String()
}

// isNone reports whether v is a cell's interface with nothing in it.
func isNone(v reflect.Value) bool {
	if v.Kind() != reflect.Pointer || !v.IsNil() || v.Type().Elem().Kind() != reflect.Struct || v.Type().Elem().NumField() == 0 {
		return false
	}
	return v.Type().Elem().Field(0).Type == reflect.TypeFor[xreflect.InterfaceHeader]()
}

// nameOf is the name that reflect has for a type in a compiled program.
func nameOf(t xreflect.Type) string {
	switch {
	case t.Named() && t.PkgPath() == "main":
		return "main." + t.Name()
	case t.Named():
	case t.Kind() == reflect.Interface && t.NumMethod() == 0:
		return "interface {}"
	case t.Kind() == reflect.Struct && t.NumField() > 0:
		var fields []string
		for i := range t.NumField() {
			field := t.Field(i)
			text := nameOf(field.Type)
			if !field.Anonymous {
				text = field.Name + " " + text
			}
			fields = append(fields, text)
		}
		return "struct { " + strings.Join(fields, "; ") + " }"
	case t.Kind() == reflect.Pointer:
		return "*" + nameOf(t.Elem())
	case t.Kind() == reflect.Slice:
		return "[]" + nameOf(t.Elem())
	case t.Kind() == reflect.Array:
		return "[" + strconv.Itoa(t.Len()) + "]" + nameOf(t.Elem())
	case t.Kind() == reflect.Map:
		return "map[" + nameOf(t.Key()) + "]" + nameOf(t.Elem())
	}
	return t.ReflectType().String()
}
