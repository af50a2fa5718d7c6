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

	"stepwise/cmd/kernel/lower"
)

// showing is the builtin that makes a value for fmt.
func showing() fast.Builtin {
	return fast.Builtin{ArgMin: 1, ArgMax: 1, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		argument := c.Expr1(node.Args[0], nil)
		return callOf(c, []*fast.Expr{argument}, c.TypeOfInterface(), func(args []reflect.Value) reflect.Value {
			shown := withType(args[0], argument.Type).shown()
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

// shown is what fmt gets to print: the value, or one that prints as it does in Go.
func (d dynamic) shown() any { return d.form(false, open) }

// How open the fields are that lead to a value.
type openness int

const (
	open     openness = iota
	embedded          // the last has a small letter, and is embedded: its fields are open
	closed            // one has a small letter
)

// form is shown for a part of another value, if inside is set: of a pointer there fmt
// prints the address. In a field with a small letter fmt asks no methods.
func (d dynamic) form(inside bool, field openness) any {
	plain := field != open
	if d.kind != nil && d.kind.Kind() == reflect.Interface {
		d = dynamicOf(d.value.ReflectValue())
	}
	raw := d.value.ReflectValue()
	if !raw.IsValid() || isNone(raw) {
		if inside {
			return nothing{}
		}
		return nil
	}
	if !plain {
		if p := d.printable(); p != nil {
			return p
		}
	}
	if inside && raw.Kind() == reflect.Pointer && (plain || !hasText(raw.Type())) {
		return address{d}
	}
	if d.kind == nil && !holdsAny(raw.Type()) || d.kind != nil && !speaks(d.kind, 0) {
		if plain && raw.NumMethod() > 0 {
			return reflect.ValueOf(struct{ v any }{raw.Interface()}).Field(0).Elem() // fmt must not call its methods
		}
		return raw.Interface()
	}
	return formatted{d, field}
}

// hasText reports whether fmt calls a method of compiled values of a type.
func hasText(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[error]()) || t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[fmt.Formatter]()) || t.Implements(reflect.TypeFor[fmt.GoStringer]())
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

// field is a field of a struct, with its name in Go. none is the type of a field that is one
// of anything only for the interpreter, if nothing is in it.
func (d dynamic) field(i int) (part dynamic, name, none string) {
	known, v := d.kind.Field(i), d.value.ReflectValue().Field(i)
	if v.Kind() == reflect.Interface && v.IsNil() {
		none = reflect.StructTag(known.Tag).Get(lower.SelfKey)
	}
	return dynamic{xreflect.MakeValue(v), known.Type}, known.Name, none
}

// speaks reports whether a value of a type may print otherwise than what it is made of.
func speaks(kind xreflect.Type, depth int) bool {
	if kind == nil || depth > 5 {
		return false
	}
	if kind.Named() && kind.PkgPath() != "main" {
		return kind.Kind() == reflect.Interface
	}
	if kind.Named() && (depth > 0 || kind.Kind() != reflect.String) {
		return true // of a text, Print must see that it is one
	}
	if kind.Named() || kind.Kind() == reflect.Pointer && deref(kind).Named() && deref(kind).PkgPath() == "main" {
		for _, name := range says {
			if m, count := deref(kind).MethodByName(name, "main"); count == 1 && (kind.Kind() == reflect.Pointer || m.Type.In(0).Kind() != reflect.Pointer) {
				return true
			}
		}
	}
	switch kind.Kind() {
	case reflect.Interface, reflect.Struct:
		return true
	case reflect.Map:
		return kind.Named() || speaks(kind.Key(), depth+1) || speaks(kind.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return kind.Named() || speaks(kind.Elem(), depth+1)
	case reflect.Pointer:
		return speaks(kind.Elem(), depth+1)
	}
	return false
}

// sortedKeys are a map's, in the order in which fmt prints them.
func sortedKeys(raw reflect.Value) []reflect.Value {
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
	return keys
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
