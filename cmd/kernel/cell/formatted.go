package cell

import (
	"fmt"
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strconv"
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
	if verb == 'v' && s.Flag('#') {
		fmt.Fprint(s, f.goSyntax(true))
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
	case strings.ContainsRune("bodxX", verb):
		fmt.Fprintf(s, fmt.FormatString(s, verb), raw.Pointer())
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

var (
	// verbs are those of a format, each with all that may stand in it.
	verbs = regexp.MustCompile(`%[-+# 0]*(?:\[\d+\]|[*.\d])*(?s:.)`)
	// takes is what in a verb chooses an argument, or takes one.
	takes = regexp.MustCompile(`\[\d+\]|[^-+# 0\d.%]`)
)

// askable makes a %T, %p or wrong %w, which fmt answers itself, a verb that it hands to a
// whose.
const askable = '\uE000'

// typed prepares what fmt gets to print a list by a format: a %T is the name of a type, as in
// Go, and a %p the address of the value itself. shown is the list as fmt is to print it.
func typed(format string, list, shown []any) string {
	next, counts := 0, true
	format = verbs.ReplaceAllStringFunc(format, func(verb string) string {
		for _, step := range takes.FindAllString(verb, -1) {
			if step[0] == '[' {
				next, _ = strconv.Atoi(step[1 : len(step)-1])
				next, counts = next-1, false
				continue
			}
			at := next
			if next++; at < 0 || at >= len(list) || !strings.Contains("Tpw", step) {
				continue
			}
			if _, isError := shown[at].(error); step == "w" && isError {
				continue
			}
			d := dynamicOf(reflect.ValueOf(&list[at]).Elem())
			if _, ours := shown[at].(fmt.Formatter); ours || typeNameOf(d) != fmt.Sprintf("%T", shown[at]) {
				if _, has := shown[at].(whose); !has {
					shown[at] = whose{d, shown[at]}
				}
				return strings.TrimSuffix(verb, step) + string(askable+rune(step[0]))
			}
		}
		return verb
	})
	var extra []string
	for i := next; i < len(list) && counts; i++ {
		name := ""
		if list[i] != nil {
			name = typeNameOf(dynamicOf(reflect.ValueOf(&list[i]).Elem())) + "="
		}
		extra = append(extra, name+"%v")
	}
	if extra != nil {
		format += "%%!(EXTRA " + strings.Join(extra, ", ") + ")"
	}
	return format
}

// pointing are the kinds of values that have an address in them.
var pointing = []reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Map, reflect.Chan, reflect.Func}

// A whose is a value that knows its type and its address.
type whose struct {
	of    dynamic
	shown any
}

// Format prints what it is asked for.
func (w whose) Format(s fmt.State, verb rune) {
	switch verb {
	case askable + 'T':
		fmt.Fprintf(s, fmt.FormatString(s, 's'), typeNameOf(w.of))
	case askable + 'p', askable + 'w':
		verb -= askable
		if raw := w.of.value.ReflectValue(); verb == 'p' && slices.Contains(pointing, raw.Kind()) {
			fmt.Fprintf(s, fmt.FormatString(s, verb), raw.Interface())
			return
		}
		fmt.Fprintf(s, "%%!%c(%s=%v)", verb, typeNameOf(w.of), w.shown)
	default:
		fmt.Fprintf(s, fmt.FormatString(s, verb), w.shown)
	}
}

// formatAll is fmt.Sprintf for cells.
func formatAll(format string, list ...any) string {
	shown := shownAll(list)
	for i := range list {
		if d := dynamicOf(reflect.ValueOf(&list[i]).Elem()); d.kind != nil && d.kind.Kind() == reflect.String && d.printable() == nil {
			shown[i] = formatted{d, open} // a verb that doesn't fit names the type
		}
	}
	return fmt.Sprintf(typed(format, list, shown), shown...)
}

// wrapped is fmt.Errorf for cells: it must find the errors.
func (s *Session) wrapped() func(string, ...any) error {
	errs := newFaces(s.ir.Comp, s.ir.Comp.TypeOfError())
	return func(format string, list ...any) error {
		shown := shownAll(list)
		for i, v := range list {
			d := dynamicOf(reflect.ValueOf(&list[i]).Elem())
			if _, isError := v.(error); isError && (d.kind == nil || d.method("Error") != nil) {
				shown[i] = v
			} else if d.method("Error") != nil {
				shown[i] = errs.converter(d)(d.value).Interface()
			}
		}
		return fmt.Errorf(typed(format, list, shown), shown...)
	}
}
