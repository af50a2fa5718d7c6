package cell

import (
	"go/ast"
	"math"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/cosmos72/gomacro/fast"
	gotypes "github.com/cosmos72/gomacro/go/types"
	"github.com/cosmos72/gomacro/xreflect"
)

// faces makes values of an interface of what is in others.
type faces struct {
	c    *fast.Comp
	face xreflect.Type
	mu   sync.Mutex
	made map[any]func(xreflect.Value) xreflect.Value
	// An interface of anything may stand for one that has these methods.
	methods []string
}

func newFaces(c *fast.Comp, face xreflect.Type, names ...ast.Expr) *faces {
	f := &faces{c: c, face: face, made: make(map[any]func(xreflect.Value) xreflect.Value)}
	for _, e := range names {
		name, _ := strconv.Unquote(e.(*ast.BasicLit).Value)
		f.methods = append(f.methods, name)
	}
	return f
}

// converter makes a value of the interface of what d has; nil if that lacks a method.
func (f *faces) converter(d dynamic) func(xreflect.Value) xreflect.Value {
	raw := d.value.ReflectValue()
	if !raw.IsValid() || isNone(raw) {
		return nil
	}
	for _, name := range f.methods {
		if d.anyMethod(name) == nil {
			return nil
		}
	}
	if len(f.methods) > 0 {
		return func(v xreflect.Value) xreflect.Value { return d.held() }
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := [2]any{raw.Type()}
	if d.kind != nil {
		key[1], _ = deref(d.kind).GoType().(*gotypes.Named)
	}
	made, ok := f.made[key]
	if !ok {
		alone(func() { made = f.converterAlone(d) })
		f.made[key] = made
	}
	return made
}

func (f *faces) converterAlone(d dynamic) func(xreflect.Value) xreflect.Value {
	kind := d.kind
	if kind == nil {
		kind = f.c.TypeOf(d.value.ReflectValue().Interface())
	}
	if !kind.Implements(f.face) {
		return nil
	}
	return pointedConverter(f.c, kind, f.face)
}

// asserting is the builtin that is x.(I), where I is an interface.
func asserting(withOk bool) fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: math.MaxUint16, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		face, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		all := newFaces(c, face, node.Args[2:]...)
		call := &fast.Call{Args: []*fast.Expr{from}, OutTypes: []xreflect.Type{face}}
		if withOk {
			call.OutTypes = append(call.OutTypes, c.TypeOfBool())
		}
		kind := funcOf(c, []xreflect.Type{from.Type}, call.OutTypes)
		f := xreflect.MakeValue(reflect.MakeFunc(kind.ReflectType(), func(in []reflect.Value) []reflect.Value {
			d := dynamicOf(in[0])
			value, convert := reflect.Zero(face.ReflectType()), all.converter(d)
			switch {
			case convert != nil:
				value = reflect.New(face.ReflectType()).Elem()
				value.Set(convert(d.value).ReflectValue())
			case !withOk:
				panic(noFace(d, from.Type, face))
			}
			return []reflect.Value{value, reflect.ValueOf(convert != nil)}[:len(call.OutTypes)]
		}))
		call.Fun = &fast.Expr{Lit: fast.Lit{Type: kind}, Fun: func(*fast.Env) xreflect.Value { return f }}
		return call
	}}
}

// noFace is what Go panics with if an assertion fails.
func noFace(d dynamic, from, face xreflect.Type) error {
	raw := d.value.ReflectValue()
	if !raw.IsValid() || isNone(raw) {
		return assertionError("interface conversion: interface is nil, not " + nameOf(face))
	}
	text := "interface conversion: " + typeNameOf(d) + " is not " + nameOf(face)
	kind := d.kind
	if kind == nil {
		kind = face.Universe().FromReflectType(raw.Type())
	}
	if missing := xreflect.MissingMethod(kind, face); missing != nil {
		text += ": missing method " + missing.Name
	}
	return assertionError(text)
}

// holding is the builtin that reports whether x.(T) would succeed.
func holding() fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: math.MaxUint16, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		want, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		all := newFaces(c, want, node.Args[2:]...)
		return callOf(c, []*fast.Expr{from}, c.TypeOfBool(), func(args []reflect.Value) reflect.Value {
			d := dynamicOf(args[0])
			raw := d.value.ReflectValue()
			switch {
			case !raw.IsValid() || isNone(raw):
				return reflect.ValueOf(false)
			case want.Kind() == reflect.Interface && want.NumMethod() == 0 && len(all.methods) == 0:
				return reflect.ValueOf(true)
			case want.Kind() == reflect.Interface:
				return reflect.ValueOf(all.converter(d) != nil)
			}
			return reflect.ValueOf(raw.Type() == want.ReflectType() && (d.kind == nil || d.kind.IdenticalTo(want)))
		})
	}}
}

// anyMethod is a method of a value, of a cell's type or a compiled one; nil if it has none
// of that name.
func (d dynamic) anyMethod(name string) func(...reflect.Value) []reflect.Value {
	if m := d.method(name); m != nil {
		return m
	}
	if raw := d.value.ReflectValue(); raw.IsValid() && raw.NumMethod() > 0 {
		if m := raw.MethodByName(name); m.IsValid() {
			return func(args ...reflect.Value) []reflect.Value { return callSlice(m, args) }
		}
	}
	return nil
}

// callSlice calls a function, whose last argument is a list if it is variadic.
func callSlice(f reflect.Value, args []reflect.Value) []reflect.Value {
	if f.Type().IsVariadic() {
		return f.CallSlice(args)
	}
	return f.Call(args)
}

// held is a value as an interface of anything that knows its type.
func (d dynamic) held() xreflect.Value {
	raw := d.value.ReflectValue()
	if d.kind == nil {
		return xreflect.MakeValue(raw)
	}
	if owner := ownerOf(raw.Type()); owner != nil && owner.IdenticalTo(d.kind) {
		return xreflect.MakeValue(raw)
	}
	holder := reflect.New(*errorProxy.Load())
	holder.Elem().Field(0).Set(reflect.ValueOf(xreflect.MakeInterfaceHeader(d.value, d.kind)))
	return xreflect.MakeValue(holder)
}

// errorProxy is what the interpreter makes of an error. Without its method it keeps the
// type of any value.
var errorProxy atomic.Pointer[reflect.Type]

// typing is the builtin that keeps a value's type.
func typing() fast.Builtin {
	return fast.Builtin{ArgMin: 1, ArgMax: 1, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		from := c.Expr1(node.Args[0], nil)
		return callOf(c, []*fast.Expr{from}, c.TypeOfInterface(), func(args []reflect.Value) reflect.Value {
			var held any
			if d := withType(args[0], from.Type); d.value.IsValid() {
				held = d.held().Interface()
			}
			return reflect.ValueOf(&held).Elem()
		})
	}}
}

// methodOf is the builtin that is a method of what is in an interface of anything.
func methodOf() fast.Builtin {
	return fast.Builtin{ArgMin: 3, ArgMax: 3, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		kind, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		name, _ := strconv.Unquote(node.Args[2].(*ast.BasicLit).Value)
		return callOf(c, []*fast.Expr{from}, kind, func(args []reflect.Value) reflect.Value {
			method := dynamicOf(args[0]).anyMethod(name)
			if method == nil {
				panic(runtimeError("invalid memory address or nil pointer dereference"))
			}
			return reflect.MakeFunc(kind.ReflectType(), func(args []reflect.Value) []reflect.Value { return method(args...) })
		})
	}}
}
