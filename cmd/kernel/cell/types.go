package cell

import (
	"go/ast"
	"reflect"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// This file asks the interpreter for the types of a scope's expressions. The interpreter
// panics at whatever it doesn't understand; here that means that the type is not known.

// try runs f, and reports whether it came to its end.
func (sc scope) try(f func()) (ok bool) {
	defer func() { ok = recover() == nil }()
	f()
	return
}

// declare gives a name a type in the scope. nil means that nothing is known of it but
// that it hides an outer one.
func (sc scope) declare(name *ast.Ident, kind xreflect.Type) {
	if name.Name == "_" {
		return
	}
	if kind == nil {
		kind = sc.c.TypeOfInterface()
	}
	sc.try(func() { sc.c.NewBind(name.Name, fast.VarBind, kind) })
}

// typeNamed is the type that an expression names; nil if it names none.
func (sc scope) typeNamed(e ast.Expr) (kind xreflect.Type) {
	sc.try(func() { kind = sc.c.Type(e) })
	return kind
}

// typesOf are the types of an expression's values. A function's body is not
// compiled, and neither are the arguments of a call: they may be half written.
func (sc scope) typesOf(e ast.Expr) (kinds []xreflect.Type) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return sc.typesOf(e.X)
	case *ast.FuncLit:
		return some(sc.typeNamed(e.Type))
	case *ast.CallExpr:
		function := sc.typesOf(e.Fun)
		if len(function) == 1 && function[0].Kind() == reflect.Func {
			_, kinds = parameters(function[0])
			return kinds
		}
	case *ast.TypeAssertExpr:
		if e.Type != nil {
			return some(sc.typeNamed(e.Type))
		}
	case *ast.SelectorExpr:
		if kind := sc.member(e); kind != nil {
			return some(kind)
		}
	}
	sc.try(func() {
		value, kind := sc.c.Expr1OrType(e)
		if value != nil {
			kind = value.DefaultType()
		}
		kinds = some(kind)
	})
	return kinds
}

// some is a list of one type, or of none.
func some(kind xreflect.Type) []xreflect.Type {
	if kind == nil {
		return nil
	}
	return []xreflect.Type{kind}
}

// member is the type of x.name, where x is a value; nil if x is something else.
func (sc scope) member(e *ast.SelectorExpr) (kind xreflect.Type) {
	if sc.packageOf(e.X) != nil {
		return nil
	}
	of := sc.typesOf(e.X)
	if len(of) != 1 {
		return nil
	}
	sc.try(func() {
		field, isField, method, isMethod, err := sc.c.TryLookupFieldOrMethod(deref(of[0]), e.Sel.Name)
		switch {
		case err != nil:
		case isField:
			kind = field.Type
		case isMethod:
			kind = sc.withoutReceiver(method, of[0])
		}
	})
	return kind
}

// withoutReceiver is the type of a method as a value has it.
func (sc scope) withoutReceiver(method xreflect.Method, of xreflect.Type) xreflect.Type {
	in, out := parameters(method.Type)
	if len(in) > 0 && (deref(of).Kind() != reflect.Interface || receives(method.Type, of)) {
		in = in[1:]
	}
	return sc.c.Universe.FuncOf(in, out, method.Type.IsVariadic())
}

// parameters are the types of what a function takes and returns.
func parameters(kind xreflect.Type) (in, out []xreflect.Type) {
	for i := range kind.NumIn() {
		in = append(in, kind.In(i))
	}
	for i := range kind.NumOut() {
		out = append(out, kind.Out(i))
	}
	return in, out
}

// receives reports whether a method's type has the receiver as its first parameter.
func receives(kind, of xreflect.Type) bool {
	return kind.NumIn() > 0 && deref(kind.In(0)).IdenticalTo(deref(of))
}

// rangeOver declares the variables of a range loop.
func (sc scope) rangeOver(loop *ast.RangeStmt) {
	var kinds []xreflect.Type
	if over := sc.typesOf(loop.X); len(over) == 1 {
		kind := over[0]
		integer := sc.c.TypeOfInt()
		switch kind.Kind() {
		case reflect.Slice, reflect.Array:
			kinds = []xreflect.Type{integer, kind.Elem()}
		case reflect.Map:
			kinds = []xreflect.Type{kind.Key(), kind.Elem()}
		case reflect.Chan:
			kinds = []xreflect.Type{kind.Elem()}
		case reflect.String:
			kinds = []xreflect.Type{integer, sc.c.TypeOfInt32()}
		}
	}
	for i, e := range []ast.Expr{loop.Key, loop.Value} {
		if name, ok := e.(*ast.Ident); ok && i < len(kinds) {
			sc.declare(name, kinds[i])
		}
	}
}

// packageOf is the package that a name stands for; nil if it stands for none.
func (sc scope) packageOf(e ast.Expr) *fast.Import {
	name, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	symbol := sc.c.TryResolve(name.Name)
	if symbol == nil || !symbol.Const() {
		return nil
	}
	imported, _ := symbol.Value.(*fast.Import)
	return imported
}

// deref is the type that a pointer points to; any other is itself.
func deref(kind xreflect.Type) xreflect.Type {
	if kind != nil && kind.Kind() == reflect.Ptr {
		return kind.Elem()
	}
	return kind
}
