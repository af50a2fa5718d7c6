package cell

import (
	"fmt"
	"reflect"
	"strings"

	gomacroreflect "github.com/cosmos72/gomacro/base/reflect"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/display"
)

// The methods of a type that a cell defines are known to the interpreter alone: to
// compiled code the value is a bare struct. So for each form in which a value can
// show itself we keep the interpreter's own idea of the interface, and have it
// wrap the value into a proxy, which does have the method.

// A form is a display.Form with the interpreter's type of its interface.
type form struct {
	display.Form
	kind xreflect.Type
}

func (s *Session) learnForms() error {
	for _, f := range display.Forms {
		kind := s.ir.Comp.Universe.FromReflectType(f.Interface)
		if kind == nil {
			return fmt.Errorf("the interpreter does not know %v", f.Interface)
		}
		s.forms = append(s.forms, form{f, kind})
	}
	proxied := make(map[string]fast.PackageName) // proxies are known once their package is imported
	for _, path := range []string{displayPath, "image"} {
		if _, ok := imports.Packages[path]; ok {
			proxied[path] = "_"
		}
	}
	_, err := s.ir.ImportPackagesOrError(proxied)
	return err
}

// picture turns a cell's values into what a notebook shows: nothing if all are
// nil, a value's own picture if it is the only one that isn't, otherwise text.
func (s *Session) picture(values []xreflect.Value, types []xreflect.Type) display.Data {
	if len(types) != len(values) {
		return display.Data{} // the cell's value is the word nil, which has no type
	}
	var data display.Data
	plain, there := make([]any, len(values)), 0
	for i, value := range values {
		plain[i] = gomacroreflect.ValueInterface(value)
		if plain[i] != nil {
			there++
			data = s.pictureOf(value, plain[i], types[i])
		}
	}
	if there > 1 || there == 1 && len(data.Data) == 1 {
		return display.MakeData(display.MIMETypeText, strings.TrimSuffix(fmt.Sprintln(plain...), "\n"))
	}
	return data
}

func (s *Session) pictureOf(value xreflect.Value, plain any, kind xreflect.Type) display.Data {
	data := display.Of(plain)
	if len(data.Data) > 1 || kind == nil {
		return data
	}
	for _, candidate := range neighbors(value, kind) {
		for _, f := range s.forms {
			if !candidate.kind.Implements(f.kind) {
				continue
			}
			if convert := s.ir.Comp.Converter(candidate.kind, f.kind); convert != nil {
				f.Add(&data, gomacroreflect.ValueInterface(convert(candidate.value)))
			}
		}
		if len(data.Data) > 1 {
			break
		}
	}
	return data
}

// A neighbor is a value with the interpreter's type of it.
type neighbor struct {
	value xreflect.Value
	kind  xreflect.Type
}

// neighbors are a value, what it points to, or a pointer to a copy of it: a method
// may be declared on either. What it points to comes first, since gomacro calls
// methods of a value by a pointer with the pointer, and fails.
func neighbors(value xreflect.Value, kind xreflect.Type) []neighbor {
	all := []neighbor{{value, kind}}
	switch kind.Kind() {
	case reflect.Pointer:
		if !value.ReflectValue().IsNil() {
			all = []neighbor{{value.Elem(), kind.Elem()}, all[0]}
		}
	case reflect.Struct:
		pointer := xreflect.New(kind)
		pointer.Elem().Set(value)
		all = append(all, neighbor{pointer, kind.Universe().PtrTo(kind)})
	}
	return all
}
