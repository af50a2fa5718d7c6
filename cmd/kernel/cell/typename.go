package cell

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/xreflect"
)

// typeNameOf is the name of a value's type, as %T says it in a compiled program.
func typeNameOf(d dynamic) string {
	raw := d.value.ReflectValue()
	switch {
	case d.kind != nil:
		return nameOf(d.kind)
	case !raw.IsValid() || isNone(raw):
		return "<nil>"
	}
	if ours, ok := raw.Interface().(interface{ inner() any }); ok {
		return reflect.TypeOf(ours.inner()).String()
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
	case t.Kind() == reflect.Chan:
		elem := nameOf(t.Elem())
		if t.ChanDir() != reflect.RecvDir && strings.HasPrefix(elem, "<-") {
			elem = "(" + elem + ")"
		}
		return t.ChanDir().String() + " " + elem
	case t.Kind() == reflect.Func:
		return "func" + signatureOf(t)
	}
	return t.ReflectType().String()
}

// signatureOf is what follows func in the name of a function's type.
func signatureOf(t xreflect.Type) string {
	in, out := parameters(t)
	params, results := namesOf(in), strings.Join(namesOf(out), ", ")
	if t.IsVariadic() {
		params[len(params)-1] = "..." + strings.TrimPrefix(params[len(params)-1], "[]")
	}
	switch len(out) {
	case 0:
	case 1:
		results = " " + results
	default:
		results = " (" + results + ")"
	}
	return "(" + strings.Join(params, ", ") + ")" + results
}

func namesOf(list []xreflect.Type) (all []string) {
	for _, t := range list {
		all = append(all, nameOf(t))
	}
	return all
}
