package cell

import (
	"cmp"
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strings"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// showing is the builtin that makes a value for fmt.
func showing() fast.Builtin {
	return fast.Builtin{ArgMin: 1, ArgMax: 1, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		argument := c.Expr1(node.Args[0], nil)
		return callOf(c, []*fast.Expr{argument}, c.TypeOfInterface(), func(args []reflect.Value) reflect.Value {
			d := dynamic{xreflect.MakeValue(args[0]), argument.Type}
			if argument.Type.Kind() == reflect.Interface {
				d = dynamicOf(args[0])
			}
			shown := d.shown()
			return reflect.ValueOf(&shown).Elem()
		})
	}}
}

// shownAll shows each value of a list.
func shownAll(list []any) []any {
	if list == nil {
		return nil
	}
	all := make([]any, len(list))
	for i := range list {
		all[i] = dynamicOf(reflect.ValueOf(&list[i]).Elem()).shown()
	}
	return all
}

// says are the methods by which a value says how it is printed.
var says = []string{"Format", "GoString", "Error", "String"}

// printable is the value with those of its methods that fmt would call; nil if it has none.
func (d dynamic) printable() fmt.Formatter {
	p := printable{value: d.value.ReflectValue().Interface(), methods: make(map[string]func(...reflect.Value) []reflect.Value)}
	for _, name := range says {
		if method := d.method(name); method != nil {
			p.methods[name] = method
		}
	}
	if len(p.methods) == 0 {
		return nil
	}
	return p
}

// shown is what fmt gets to print: the value, with texts in place of all values in it that
// have one.
func (d dynamic) shown() any {
	raw := d.value.ReflectValue()
	if !raw.IsValid() {
		return nil
	}
	if p := d.printable(); p != nil {
		return p
	}
	if d.kind == nil && !holdsAny(raw.Type()) || d.kind != nil && !speaks(d.kind, 0) {
		return raw.Interface()
	}
	switch raw.Kind() {
	case reflect.Slice, reflect.Array:
		if raw.Kind() == reflect.Slice && raw.IsNil() {
			break
		}
		all := make([]any, raw.Len())
		for i := range all {
			all[i] = d.part(raw.Index(i), xreflect.Type.Elem).inside()
		}
		return all
	case reflect.Map:
		return d.shownMap()
	case reflect.Struct:
		return d.shownStruct().Interface()
	case reflect.Pointer:
		if !raw.IsNil() && d.kind != nil && d.kind.Elem().Kind() == reflect.Struct {
			return dynamic{xreflect.MakeValue(raw.Elem()), d.kind.Elem()}.shownStruct().Addr().Interface()
		}
	}
	return raw.Interface()
}

// holdsAny reports whether a compiled type is a list or map with anything in it.
func holdsAny(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return t.Elem().Kind() == reflect.Interface
	case reflect.Map:
		return t.Elem().Kind() == reflect.Interface || t.Key().Kind() == reflect.Interface
	}
	return false
}

// part is a value in d; kind says which part of d's type is its.
func (d dynamic) part(v reflect.Value, kind func(xreflect.Type) xreflect.Type) dynamic {
	if d.kind == nil {
		return dynamicOf(v)
	}
	return dynamic{xreflect.MakeValue(v), kind(d.kind)}
}

// inside is shown for a part of another value: of a pointer there fmt prints the address.
func (d dynamic) inside() any {
	if d.kind != nil && d.kind.Kind() == reflect.Interface {
		d = dynamicOf(d.value.ReflectValue())
	}
	if d.kind != nil && d.kind.Kind() == reflect.Pointer && d.printable() == nil {
		return d.value.ReflectValue().Interface()
	}
	return d.shown()
}

// shownStruct is a struct like d, whose exported fields are shown.
func (d dynamic) shownStruct() reflect.Value {
	raw := d.value.ReflectValue()
	var fields []reflect.StructField
	var values []reflect.Value
	for i := range raw.NumField() {
		field, value := raw.Type().Field(i), raw.Field(i)
		if known := d.kind.Field(i); ast.IsExported(known.Name) && speaks(known.Type, 0) {
			shown := dynamic{xreflect.MakeValue(value), known.Type}.inside()
			field.Type, value = reflect.TypeFor[any](), reflect.ValueOf(&shown).Elem()
		}
		field.Anonymous = false
		fields, values = append(fields, field), append(values, value)
	}
	made := reflect.New(reflect.StructOf(fields)).Elem()
	for i, value := range values {
		made.Field(i).Set(value)
	}
	return made
}

// speaks reports whether fmt would find a method of a cell's type in a value of this type.
func speaks(kind xreflect.Type, depth int) bool {
	if kind == nil || depth > 5 {
		return false
	}
	if kind.Named() && kind.PkgPath() == "main" || kind.Kind() == reflect.Pointer && deref(kind).Named() && deref(kind).PkgPath() == "main" {
		for _, name := range says {
			if m, count := deref(kind).MethodByName(name, "main"); count == 1 && (kind.Kind() == reflect.Pointer || m.Type.In(0).Kind() != reflect.Pointer) {
				return true
			}
		}
	}
	switch kind.Kind() {
	case reflect.Interface:
		return true
	case reflect.Map:
		return speaks(kind.Key(), depth+1) || speaks(kind.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return speaks(kind.Elem(), depth+1)
	case reflect.Pointer:
		return depth == 0 && kind.Elem().Kind() == reflect.Struct && speaks(kind.Elem(), 1)
	case reflect.Struct:
		for i := range kind.NumField() {
			if field := kind.Field(i); ast.IsExported(field.Name) && speaks(field.Type, depth+1) {
				return true
			}
		}
	}
	return false
}

// shownMap is a map in the order in which fmt prints it.
func (d dynamic) shownMap() any {
	raw := d.value.ReflectValue()
	keys := raw.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch {
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		}
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	var m printableMap
	for _, key := range keys {
		m.keys = append(m.keys, d.part(key, xreflect.Type.Key).inside())
		m.values = append(m.values, d.part(raw.MapIndex(key), xreflect.Type.Elem).inside())
	}
	return m
}

// A printable is a cell's value that has methods of says.
type printable struct {
	value   any
	methods map[string]func(...reflect.Value) []reflect.Value
}

// Format prints what the methods say, where Go asks them.
func (p printable) Format(s fmt.State, verb rune) {
	if format := p.methods["Format"]; format != nil {
		format(reflect.ValueOf(&s).Elem(), reflect.ValueOf(verb))
		return
	}
	format := fmt.FormatString(s, verb)
	if verb == 'v' && s.Flag('#') {
		if text := p.methods["GoString"]; text != nil {
			fmt.Fprint(s, text()[0].String())
			return
		}
	} else if strings.ContainsRune("vsxXq", verb) {
		for _, name := range says[2:] {
			if text := p.methods[name]; text != nil {
				fmt.Fprintf(s, format, text()[0].String())
				return
			}
		}
	}
	fmt.Fprintf(s, format, p.value)
}

// A printableMap has keys or values that are printable.
type printableMap struct{ keys, values []any }

// Format prints it as a map.
func (m printableMap) Format(s fmt.State, verb rune) {
	format := fmt.FormatString(s, verb)
	fmt.Fprint(s, "map[")
	for i, key := range m.keys {
		if i > 0 {
			fmt.Fprint(s, " ")
		}
		fmt.Fprintf(s, format+":"+format, key, m.values[i])
	}
	fmt.Fprint(s, "]")
}
