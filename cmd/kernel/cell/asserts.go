package cell

import (
	"go/ast"
	"reflect"
	"sync"

	"github.com/cosmos72/gomacro/fast"
	gotypes "github.com/cosmos72/gomacro/go/types"
	"github.com/cosmos72/gomacro/xreflect"
)

// faces makes values of an interface of what is in others.
type faces struct {
	c    *fast.Comp
	face xreflect.Type
	mu   sync.Mutex // held while the compiler is asked
	made map[any]func(xreflect.Value) xreflect.Value
}

func newFaces(c *fast.Comp, face xreflect.Type) *faces {
	return &faces{c: c, face: face, made: make(map[any]func(xreflect.Value) xreflect.Value)}
}

// converter makes a value of the interface of what d has; nil if that lacks a method.
func (f *faces) converter(d dynamic) func(xreflect.Value) xreflect.Value {
	raw := d.value.ReflectValue()
	if !raw.IsValid() || isNone(raw) {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := [2]any{raw.Type()}
	if d.kind != nil {
		key[1], _ = deref(d.kind).GoType().(*gotypes.Named)
	}
	if made, ok := f.made[key]; ok {
		return made
	}
	kind := d.kind
	if kind == nil {
		kind = f.c.TypeOf(raw.Interface())
	}
	var made func(xreflect.Value) xreflect.Value
	if kind.Implements(f.face) {
		made = pointedConverter(f.c, kind, f.face)
	}
	f.made[key] = made
	return made
}

// asserting is the builtin that is x.(I), where I is an interface.
func asserting(withOk bool) fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		face, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		all := newFaces(c, face)
		call := &fast.Call{Args: []*fast.Expr{from}, OutTypes: []xreflect.Type{face}}
		if withOk {
			call.OutTypes = append(call.OutTypes, c.TypeOfBool())
		}
		kind := c.Universe.FuncOf([]xreflect.Type{from.Type}, call.OutTypes, false)
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
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		want, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		all := newFaces(c, want)
		return callOf(c, []*fast.Expr{from}, c.TypeOfBool(), func(args []reflect.Value) reflect.Value {
			d := dynamicOf(args[0])
			raw := d.value.ReflectValue()
			switch {
			case !raw.IsValid() || isNone(raw):
				return reflect.ValueOf(false)
			case want.Kind() == reflect.Interface && want.NumMethod() == 0:
				return reflect.ValueOf(true)
			case want.Kind() == reflect.Interface:
				return reflect.ValueOf(all.converter(d) != nil)
			}
			return reflect.ValueOf(raw.Type() == want.ReflectType() && (d.kind == nil || d.kind.IdenticalTo(want)))
		})
	}}
}
