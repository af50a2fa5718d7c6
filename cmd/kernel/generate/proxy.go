package main

import (
	"fmt"
	"go/types"
	"strings"
)

// A proxy lets a type that a cell defines satisfy a compiled interface: it is a
// struct that holds the interpreted value and one function per method. gomacro
// wants the functions in alphabetical order, each named after its method, with an
// underscore behind it.

// proxied reports whether a cell can implement the interface: it has methods,
// all exported, and their types can be named from here.
func proxied(object *types.TypeName) bool {
	face, ok := object.Type().Underlying().(*types.Interface)
	if !ok || face.NumMethods() == 0 || !face.IsMethodSet() {
		return false
	}
	for method := range face.Methods() {
		if !method.Exported() || !nameable(method.Type()) {
			return false
		}
	}
	return true
}

// proxyName is the name of an interface's proxy in the generated file.
func proxyName(object *types.TypeName) string {
	return "proxy_" + identifier(object.Pkg().Path()) + "_" + object.Name()
}

// proxy writes the proxy's type and its methods.
func (t *table) proxy(object *types.TypeName) {
	name := proxyName(object)
	face := object.Type().Underlying().(*types.Interface)
	fmt.Fprintf(&t.body, "\ntype %s struct {\n\tObject any\n", name)
	for method := range face.Methods() {
		parameters, results, _ := t.signature(method.Signature())
		fmt.Fprintf(&t.body, "\t%s_ func(object any%s) %s\n", method.Name(), comma(parameters), results)
	}
	t.body.WriteString("}\n")
	for method := range face.Methods() {
		parameters, results, arguments := t.signature(method.Signature())
		call := fmt.Sprintf("p.%s_(p.Object%s)", method.Name(), comma(arguments))
		if results != "" {
			call = "return " + call
		}
		fmt.Fprintf(&t.body, "\nfunc (p *%s) %s(%s) %s { %s }\n", name, method.Name(), parameters, results, call)
	}
}

// signature returns a method's parameters and results as they are declared, and
// the arguments that hand the parameters on.
func (t *table) signature(s *types.Signature) (parameters, results, arguments string) {
	var declared, passed, returned []string
	for i := range s.Params().Len() {
		kind := types.TypeString(s.Params().At(i).Type(), t.qualifier)
		name := fmt.Sprintf("p%d", i)
		if s.Variadic() && i == s.Params().Len()-1 {
			kind, name = "..."+strings.TrimPrefix(kind, "[]"), name+"..."
		}
		declared = append(declared, fmt.Sprintf("p%d %s", i, kind))
		passed = append(passed, name)
	}
	for result := range s.Results().Variables() {
		returned = append(returned, types.TypeString(result.Type(), t.qualifier))
	}
	if len(returned) > 0 {
		results = "(" + strings.Join(returned, ", ") + ")"
	}
	return strings.Join(declared, ", "), results, strings.Join(passed, ", ")
}

func comma(list string) string {
	if list == "" {
		return ""
	}
	return ", " + list
}

// nameable reports whether a file of another package can write the type down.
func nameable(t types.Type) bool {
	switch t := t.(type) {
	case *types.Basic, *types.TypeParam:
		return true
	case *types.Alias:
		return visible(t.Obj()) && t.TypeArgs().Len() == 0
	case *types.Named:
		return visible(t.Obj()) && t.TypeArgs().Len() == 0
	case *types.Pointer:
		return nameable(t.Elem())
	case *types.Slice:
		return nameable(t.Elem())
	case *types.Array:
		return nameable(t.Elem())
	case *types.Chan:
		return nameable(t.Elem())
	case *types.Map:
		return nameable(t.Key()) && nameable(t.Elem())
	case *types.Signature:
		return nameable(t.Params()) && nameable(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if !nameable(v.Type()) {
				return false
			}
		}
		return true
	case *types.Interface:
		return t.NumMethods() == 0
	case *types.Struct:
		return t.NumFields() == 0
	default:
		return false
	}
}

// visible reports whether the type's name can be written in another package.
// A name without a package, such as error, can.
func visible(object *types.TypeName) bool {
	return object.Pkg() == nil || object.Exported() && !private(object.Pkg().Path())
}

// generic reports whether the interpreter can't know a type because it has type
// parameters, is a constraint, or takes or returns such a type. An instance, such as
// iter.Seq[string], is like any type.
func generic(t types.Type) bool {
	switch t := t.(type) {
	case *types.Alias:
		return t.TypeParams().Len() > 0
	case *types.Named:
		if t.TypeArgs().Len() < t.TypeParams().Len() {
			return true
		}
		face, ok := t.Underlying().(*types.Interface)
		return ok && !face.IsMethodSet()
	case *types.Signature:
		return t.TypeParams().Len() > 0 || generic(t.Params()) || generic(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if generic(v.Type()) {
				return true
			}
		}
	case *types.Pointer:
		return generic(t.Elem())
	case *types.Slice:
		return generic(t.Elem())
	}
	return false
}
