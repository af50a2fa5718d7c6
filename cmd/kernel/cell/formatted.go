package cell

import (
	"fmt"
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/cosmos72/gomacro/xreflect"
)

// A formatted is a list, map, struct or pointer that fmt can't print as in Go: it holds
// values with methods of cells, or has fields or a type whose names only gomacro knows.
type formatted struct {
	dynamic
	openness
}

// Format prints it.
func (f formatted) Format(s fmt.State, verb rune) {
	raw, format := f.value.ReflectValue(), fmt.FormatString(s, verb)
	switch {
	case verb == 'v' && s.Flag('#'):
		fmt.Fprint(s, f.goSyntax(true))
		return
	case verb == 'p':
		fmt.Fprintf(s, format, raw.Interface())
		return
	}
	switch raw.Kind() {
	case reflect.Slice, reflect.Array:
		all := make([]any, raw.Len())
		for i := range all {
			all[i] = f.part(raw.Index(i), xreflect.Type.Elem).form(true, f.openness)
		}
		fmt.Fprintf(s, format, all)
	case reflect.Map:
		fmt.Fprint(s, "map[")
		for i, key := range sortedKeys(raw) {
			if i > 0 {
				fmt.Fprint(s, " ")
			}
			fmt.Fprintf(s, format+":"+format, f.part(key, xreflect.Type.Key).form(true, f.openness), f.part(raw.MapIndex(key), xreflect.Type.Elem).form(true, f.openness))
		}
		fmt.Fprint(s, "]")
	case reflect.Struct:
		f.formatStruct(s, verb, format)
	case reflect.Pointer:
		elem := dynamic{xreflect.MakeValue(raw.Elem()), f.kind.Elem()}
		switch f.kind.Elem().Kind() {
		case reflect.Slice, reflect.Array, reflect.Map, reflect.Struct:
			if !raw.IsNil() {
				fmt.Fprint(s, "&")
				formatted{elem, f.openness}.Format(s, verb)
				return
			}
		}
		fmt.Fprintf(s, format, raw.Interface())
	default:
		text := fmt.Sprintf(format, raw.Interface())
		fmt.Fprint(s, strings.ReplaceAll(text, "("+raw.Type().String()+"=", "("+typeNameOf(f.dynamic)+"=")) // the wrong verb
	}
}

func (f formatted) formatStruct(s fmt.State, verb rune, format string) {
	fmt.Fprint(s, "{")
	for i := range f.kind.NumField() {
		if i > 0 {
			fmt.Fprint(s, " ")
		}
		part, name, none := f.field(i)
		if verb == 'v' && s.Flag('+') {
			fmt.Fprint(s, name, ":")
		}
		switch {
		case strings.HasPrefix(none, "[]"):
			fmt.Fprint(s, "[]")
			continue
		case strings.HasPrefix(none, "map["):
			fmt.Fprint(s, "map[]")
			continue
		}
		inner := open
		switch {
		case f.openness == closed || !ast.IsExported(name) && !f.kind.Field(i).Anonymous:
			inner = closed
		case !ast.IsExported(name):
			inner = embedded
		}
		fmt.Fprintf(s, format, part.form(true, inner))
	}
	fmt.Fprint(s, "}")
}

// nothing is an interface in another value, with nothing in it.
type nothing struct{}

// Format prints it; goSyntax knows of which type it is.
func (nothing) Format(s fmt.State, _ rune) { fmt.Fprint(s, "<nil>") }

// An address is a pointer in another value.
type address struct{ dynamic }

// Format prints where it points to.
func (a address) Format(s fmt.State, verb rune) {
	switch raw := a.value.ReflectValue(); {
	case strings.ContainsRune("bodxXp", verb):
		fmt.Fprintf(s, strings.Replace(fmt.FormatString(s, verb), "p", "#x", 1), raw.Pointer())
	case verb != 'v':
		fmt.Fprintf(s, "%%!%c(%s=%v)", verb, typeNameOf(a.dynamic), a)
	case s.Flag('#'):
		fmt.Fprint(s, a.goSyntax(false))
	case raw.IsNil():
		fmt.Fprint(s, "<nil>")
	default:
		fmt.Fprintf(s, "%#x", raw.Pointer())
	}
}

// goSyntax is what %#v prints; top is set unless it is a part of another value.
func (d dynamic) goSyntax(top bool) string {
	raw, name := d.value.ReflectValue(), typeNameOf(d)
	if d.kind != nil && d.kind.Kind() == reflect.Interface {
		if d = dynamicOf(raw); !d.value.ReflectValue().IsValid() || isNone(d.value.ReflectValue()) {
			return name + "(nil)"
		}
		return d.goSyntax(top)
	}
	if p, ok := d.printable().(printable); ok && (p.methods["GoString"] != nil || p.methods["Format"] != nil) {
		return fmt.Sprintf("%#v", p)
	}
	if d.kind == nil && !holdsAny(raw.Type()) || d.kind != nil && !speaks(d.kind, 0) && raw.Kind() != reflect.Pointer {
		return fmt.Sprintf("%#v", raw.Interface())
	}
	var all []string
	switch raw.Kind() {
	case reflect.Slice, reflect.Array:
		if raw.Kind() == reflect.Slice && raw.IsNil() {
			return name + "(nil)"
		}
		for i := range raw.Len() {
			all = append(all, d.part(raw.Index(i), xreflect.Type.Elem).goSyntax(false))
		}
	case reflect.Map:
		if raw.IsNil() {
			return name + "(nil)"
		}
		for _, key := range sortedKeys(raw) {
			all = append(all, d.part(key, xreflect.Type.Key).goSyntax(false)+":"+d.part(raw.MapIndex(key), xreflect.Type.Elem).goSyntax(false))
		}
	case reflect.Struct:
		for i := range d.kind.NumField() {
			part, field, none := d.field(i)
			switch {
			case none == "":
				all = append(all, field+":"+part.goSyntax(false))
			case strings.HasPrefix(none, "[]") || strings.HasPrefix(none, "map["):
				all = append(all, field+":"+none+"(nil)")
			default:
				all = append(all, field+":("+none+")(nil)")
			}
		}
	case reflect.Pointer:
		switch {
		case raw.IsNil():
			return "(" + name + ")(nil)"
		case top && speaks(d.kind.Elem(), 0):
			return "&" + dynamic{xreflect.MakeValue(raw.Elem()), d.kind.Elem()}.goSyntax(false)
		}
		return fmt.Sprintf("(%s)(%#x)", name, raw.Pointer())
	default:
		return fmt.Sprintf("%#v", raw.Interface())
	}
	return name + "{" + strings.Join(all, ", ") + "}"
}

// typeVerb is a %T, or two verbs that must not be taken for one.
var typeVerb = regexp.MustCompile(`%%|%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z]`)

// formatAll is fmt.Sprintf for cells: each %T is the name of a type, as in Go. A format that
// chooses its arguments by an index or a * is left as it is.
func formatAll(format string, args ...any) string {
	if args = slices.Clone(args); !strings.ContainsAny(format, "[*") {
		i := 0
		format = typeVerb.ReplaceAllStringFunc(format, func(verb string) string {
			if verb == "%%" {
				return verb
			}
			i++
			if i > len(args) || !strings.HasSuffix(verb, "T") {
				return verb
			}
			args[i-1] = typeNameOf(dynamicOf(reflect.ValueOf(&args[i-1]).Elem()))
			return strings.TrimSuffix(verb, "T") + "s"
		})
	}
	return fmt.Sprintf(format, shownAll(args)...)
}
