package cell

import (
	"errors"
	"go/ast"
	"reflect"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// Compiled code sees of a cell's value the methods of the interface that it got it by. A
// dynamic is the value itself, with its type, and so with all its methods.
type dynamic struct {
	value xreflect.Value
	kind  xreflect.Type // nil for a value that no cell's type has made
}

// dynamicOf is what is in an interface: gomacro puts a cell's value into a struct.
func dynamicOf(v reflect.Value) dynamic {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.IsValid() && v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct && v.Elem().NumField() > 0 {
		if first := v.Elem().Field(0); first.CanInterface() {
			if header, ok := first.Interface().(xreflect.InterfaceHeader); ok {
				return dynamic{header.Value(), header.Type()}
			}
		}
	}
	d := dynamic{value: xreflect.MakeValue(v)}
	if v.IsValid() {
		d.kind = ownerOf(v.Type())
	}
	return d
}

// withType is a value of which the interpreter knows the type; of an interface, what is in it.
func withType(v reflect.Value, kind xreflect.Type) dynamic {
	if kind.Kind() == reflect.Interface {
		return dynamicOf(v)
	}
	return dynamic{xreflect.MakeValue(v), kind}
}

// method is a method of a cell's value; nil if its type has none of that name.
func (d dynamic) method(name string) func(args ...reflect.Value) []reflect.Value {
	if d.kind == nil || d.kind.Kind() == reflect.Interface || !deref(d.kind).Named() {
		return nil
	}
	typesLock.Lock() // gomacro keeps what it finds
	m, count := deref(d.kind).MethodByName(name, "main")
	typesLock.Unlock()
	if count != 1 || len(m.FieldIndex) > 0 || m.Funs == nil || m.Index >= len(*m.Funs) {
		return nil
	}
	receiver, isPointer := d.value.ReflectValue(), d.kind.Kind() == reflect.Pointer
	switch wantsPointer := m.Type.In(0).Kind() == reflect.Pointer; {
	case wantsPointer && !isPointer:
		return nil
	case !wantsPointer && isPointer:
		if receiver = receiver.Elem(); !receiver.IsValid() {
			return nil
		}
	}
	f := (*m.Funs)[m.Index]
	return func(args ...reflect.Value) []reflect.Value {
		return callSlice(f, append([]reflect.Value{receiver}, args...))
	}
}

// same reports whether two errors are the same value.
func (d dynamic) same(other dynamic) bool {
	if (d.kind == nil) != (other.kind == nil) || d.kind != nil && !d.kind.IdenticalTo(other.kind) {
		return false
	}
	a, b := d.value.ReflectValue(), other.value.ReflectValue()
	return a.IsValid() == b.IsValid() && (!a.IsValid() || a.Type() == b.Type() && a.Comparable() && a.Equal(b))
}

// chain calls f for an error and those that it wraps, until f returns true.
func chain(err error, f func(error, dynamic) bool) bool {
	if err == nil {
		return false
	}
	d := dynamicOf(reflect.ValueOf(&err).Elem())
	if f(err, d) {
		return true
	}
	var wrapped any = errors.Unwrap(err)
	if unwrap := d.method("Unwrap"); unwrap != nil {
		wrapped = unwrap()[0].Interface()
	} else if many, ok := err.(interface{ Unwrap() []error }); ok {
		wrapped = many.Unwrap()
	}
	switch wrapped := wrapped.(type) {
	case error:
		return chain(wrapped, f)
	case []error:
		for _, one := range wrapped {
			if chain(one, f) {
				return true
			}
		}
	}
	return false
}

// is is errors.Is, for errors of cells too.
func is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	want := dynamicOf(reflect.ValueOf(&target).Elem())
	return chain(err, func(err error, d dynamic) bool {
		if d.same(want) {
			return true
		}
		if method := d.method("Is"); method != nil {
			return method(reflect.ValueOf(&target).Elem())[0].Bool()
		}
		own, ok := err.(interface{ Is(error) bool })
		return ok && own.Is(target)
	})
}

// as is the builtin that is errors.As, for errors of cells too.
func as() fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		err, target := c.Expr1(node.Args[0], nil), c.Expr1(node.Args[1], nil)
		want := target.Type.Elem()
		faces := newFaces(c, want)
		fits := func(err error, d dynamic, place reflect.Value) bool {
			switch {
			case d.kind != nil && d.kind.IdenticalTo(want):
				place.Set(d.value.ReflectValue())
			case d.kind != nil && want.Kind() == reflect.Interface && faces.converter(d) != nil:
				place.Set(faces.converter(d)(d.value).ReflectValue())
			case d.kind == nil && reflect.TypeOf(err).AssignableTo(place.Type()):
				place.Set(reflect.ValueOf(err))
			default:
				own, ok := err.(interface{ As(any) bool })
				return ok && own.As(place.Addr().Interface())
			}
			return true
		}
		return callOf(c, []*fast.Expr{err, target}, c.TypeOfBool(), func(args []reflect.Value) reflect.Value {
			first, _ := args[0].Interface().(error)
			return reflect.ValueOf(chain(first, func(err error, d dynamic) bool { return fits(err, d, args[1].Elem()) }))
		})
	}}
}

// callOf is what a builtin makes of a call: that of a compiled function.
func callOf(c *fast.Comp, args []*fast.Expr, result xreflect.Type, f func(args []reflect.Value) reflect.Value) *fast.Call {
	var in []xreflect.Type
	for _, argument := range args {
		in = append(in, argument.Type)
	}
	out := []xreflect.Type{result}
	kind := funcOf(c, in, out)
	made := xreflect.MakeValue(reflect.MakeFunc(kind.ReflectType(), func(args []reflect.Value) []reflect.Value { return []reflect.Value{f(args)} }))
	return &fast.Call{Fun: &fast.Expr{Lit: fast.Lit{Type: kind}, Fun: func(*fast.Env) xreflect.Value { return made }}, Args: args, OutTypes: out}
}

// funcOf is the type of a function, also if one of its parts is a type that names itself:
// gomacro takes the function for anything then.
func funcOf(c *fast.Comp, in, out []xreflect.Type) xreflect.Type {
	kind := c.Universe.FuncOf(in, out, false)
	if kind.ReflectType().Kind() != reflect.Func {
		kind.UnsafeForceReflectType(reflect.FuncOf(reflectTypes(in), reflectTypes(out), false))
	}
	return kind
}

func reflectTypes(list []xreflect.Type) (all []reflect.Type) {
	for _, t := range list {
		all = append(all, t.ReflectType())
	}
	return all
}
