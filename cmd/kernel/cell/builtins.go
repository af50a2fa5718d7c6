package cell

import (
	"cmp"
	"fmt"
	"go/ast"
	"math"
	"reflect"
	"strconv"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/lower"
)

// declareBuiltins gives the interpreter what package lower makes use of.
func (s *Session) declareBuiltins() {
	const many = math.MaxUint16
	for name, builtin := range map[string]fast.Builtin{
		lower.Guarded: s.guarded(), lower.Leaving: s.leaving(), lower.Bind: bind(), lower.Labels: labels(), lower.Owns: registering(),
		lower.Holds: holding(), lower.Self: self(), lower.Method: methodOf(), lower.Typed: typing(), lower.Asserted: asserting(false), lower.AssertedOk: asserting(true), lower.Pointed: pointed(), lower.Refaced: refaced(),
		lower.Shown: showing(), lower.As: as(),
		lower.Woken: waking(), lower.Wakened: wakened(), lower.Receive: receive(false), lower.ReceiveOk: receive(true),
		lower.Unwrapped: sameType(1, func(v []reflect.Value) reflect.Value { return unwrapped(v[0]) }),
		lower.One:       sameType(1, func(v []reflect.Value) reflect.Value { return v[0] }),
		lower.Min:       sameType(many, best(func(order int) bool { return order < 0 })),
		lower.Max:       sameType(many, best(func(order int) bool { return order > 0 })),
	} {
		s.ir.DeclBuiltin(name, builtin)
	}
	for name, f := range map[string]any{
		lower.Copy:      func(to, from any) int { return reflect.Copy(reflect.ValueOf(to), reflect.ValueOf(from)) },
		lower.Is:        is,
		lower.Kept:      func(err error) any { return err },
		lower.Formatted: formatAll,
		lower.Wrapped:   s.wrapped(),
		lower.ShownAll:  shownAll,
		lower.Clear:     func(of any) { reflect.ValueOf(of).Clear() },
		lower.Select:    selectCase,
		lower.Send:      stops.send,
		lower.Look:      stops.look,
		lower.Recovered: recovered,
		lower.Panicking: panicking,
		lower.LoopOver: func() error {
			return runtimeError("range function continued iteration after function for loop body returned false")
		},
	} {
		s.ir.DeclFunc(name, f)
	}
}

// Builtins are compiled where they are called: their types depend on what they are called
// with.

// sameType is a builtin whose arguments and result have one type. combine gets the
// arguments.
func sameType(most uint16, combine func([]reflect.Value) reflect.Value) fast.Builtin {
	compile := func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		var args []*fast.Expr
		for _, e := range node.Args {
			args = append(args, c.Expr1(e, nil))
		}
		return callOf(c, args, args[0].Type, combine)
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: most}
}

// best combines the arguments of min and max: better says whether the first is to be kept
// or the second.
func best(better func(order int) bool) func([]reflect.Value) reflect.Value {
	return func(all []reflect.Value) reflect.Value {
		found := all[0]
		for _, v := range all {
			if v.CanFloat() && math.IsNaN(v.Float()) {
				return v
			}
			if better(order(v, found)) {
				found = v
			}
		}
		return found
	}
}

// order compares two values of one ordered type.
func order(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return cmp.Compare(a.String(), b.String())
}

// labels is the builtin that makes labels known in the block that it begins.
func labels() fast.Builtin {
	nothing := func() {}
	compile := func(c *fast.Comp, symbol fast.Symbol, node *ast.CallExpr) *fast.Call {
		if c.Labels == nil {
			c.Labels = make(map[string]*int)
		}
		for _, e := range node.Args {
			name, _ := strconv.Unquote(e.(*ast.BasicLit).Value)
			c.Labels[name] = new(int)
		}
		kind := c.TypeOf(nothing)
		return &fast.Call{Fun: &fast.Expr{Lit: fast.Lit{Type: kind}, Fun: func(*fast.Env) xreflect.Value { return xreflect.ValueOf(nothing) }}}
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: math.MaxUint16}
}

// bind is the builtin that is a function without its first parameter, a copy of its second
// argument.
func bind() fast.Builtin {
	compile := func(c *fast.Comp, symbol fast.Symbol, node *ast.CallExpr) *fast.Call {
		function, first := c.Expr1(node.Args[0], nil), c.Expr1(node.Args[1], nil)
		in, out := parameters(function.Type)
		kind := c.Universe.FuncOf(in[1:], out, function.Type.IsVariadic())
		bound := func(f, first xreflect.Value) xreflect.Value {
			f, first = f.Convert(f.Type()), first.Convert(in[0].ReflectType()) // copies
			return xreflect.MakeValue(reflect.MakeFunc(kind.ReflectType(), func(rest []reflect.Value) []reflect.Value {
				all := append([]reflect.Value{first.ReflectValue()}, rest...)
				return callSlice(f.ReflectValue(), all)
			}))
		}
		symbol.Type = c.TypeOf(bound)
		call := &fast.Expr{Lit: fast.Lit{Type: symbol.Type, Value: bound}, Sym: &symbol, EFlags: fast.EFlag4Value(bound)}
		return &fast.Call{Fun: call, Args: []*fast.Expr{function, first}, OutTypes: []xreflect.Type{kind}}
	}
	return fast.Builtin{Compile: compile, ArgMin: 2, ArgMax: 2}
}

// pointed is the builtin that makes a value of a compiled interface.
func pointed() fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		face, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		convert := pointedConverter(c, from.Type, face)
		return callOf(c, []*fast.Expr{from}, face, func(args []reflect.Value) reflect.Value {
			return convert(xreflect.MakeValue(args[0])).ReflectValue()
		})
	}}
}

// pointedConverter converts to a value of an interface. Of a pointer gomacro makes one of
// a compiled interface whose methods get the pointer; those that want a value are replaced.
func pointedConverter(c *fast.Comp, from, face xreflect.Type) func(xreflect.Value) xreflect.Value {
	convert := c.Converter(from, face)
	if convert == nil { // the interpreter's value is one already
		convert = func(v xreflect.Value) xreflect.Value { return v }
	}
	if from.Kind() != reflect.Pointer || from.ReflectType().Implements(interfaceOf(face)) {
		return convert
	}
	methods := make(map[int]reflect.Value)
	for i := range face.ReflectType().NumMethod() { // a cell's interface has none there
		proxy := c.InterfaceProxy(face)
		name := face.ReflectType().Method(i).Name
		method, _ := deref(from).MethodByName(name, c.FileComp().Path)
		if kind := proxy.Field(i + 1).Type; method.Type.In(0).Kind() != reflect.Pointer {
			methods[i+1] = reflect.MakeFunc(kind, func(args []reflect.Value) []reflect.Value {
				args[0] = args[0].Interface().(xreflect.InterfaceHeader).Value().ReflectValue().Elem()
				return callSlice((*method.Funs)[method.Index], args)
			})
		}
	}
	return func(v xreflect.Value) xreflect.Value {
		value := convert(v)
		for i, method := range methods {
			value.ReflectValue().Elem().Elem().Field(i).Set(method)
		}
		return value
	}
}

// interfaceOf is a compiled interface's type; for a cell's, one that nothing satisfies.
func interfaceOf(face xreflect.Type) reflect.Type {
	if t := face.ReflectType(); t.Kind() == reflect.Interface {
		return t
	}
	return reflect.TypeFor[interface{ nothing() }]()
}

// receive is the builtin that receives from a channel, with ok or without.
func receive(withOk bool) fast.Builtin {
	compile := func(c *fast.Comp, symbol fast.Symbol, node *ast.CallExpr) *fast.Call {
		channel := c.Expr1(node.Args[0], nil)
		call := &fast.Call{Args: []*fast.Expr{channel}, OutTypes: []xreflect.Type{channel.Type.Elem()}}
		if withOk {
			call.OutTypes = append(call.OutTypes, c.TypeOfBool())
		}
		kind := funcOf(c, []xreflect.Type{channel.Type}, call.OutTypes)
		f := xreflect.MakeValue(reflect.MakeFunc(kind.ReflectType(), func(in []reflect.Value) []reflect.Value {
			v, ok := stops.receive(in[0])
			return []reflect.Value{v, reflect.ValueOf(ok)}[:len(call.OutTypes)]
		}))
		call.Fun = &fast.Expr{Lit: fast.Lit{Type: kind}, Fun: func(*fast.Env) xreflect.Value { return f }}
		return call
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: 1}
}

// refaced is the builtin that makes a cell's interface of what is in another.
func refaced() fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		face, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		all := newFaces(c, face)
		return callOf(c, []*fast.Expr{from}, face, func(args []reflect.Value) reflect.Value {
			d := dynamicOf(args[0])
			made := reflect.New(face.ReflectType()).Elem()
			if raw := d.value.ReflectValue(); d.kind == nil && raw.IsValid() && raw.Type().Implements(interfaceOf(face)) {
				made.Set(raw) // the interpreter need not learn the type
			} else if convert := all.converter(d); convert != nil {
				return convert(d.value).ReflectValue()
			}
			return made
		})
	}}
}

// guarded is the builtin that turns a function into one of the same type whose
// panics are reported instead of ending the kernel.
func (s *Session) guarded() fast.Builtin {
	compile := func(c *fast.Comp, symbol fast.Symbol, node *ast.CallExpr) *fast.Call {
		function := c.Expr1(node.Args[0], nil)
		kind := function.Type
		if kind.Kind() != reflect.Func {
			c.Errorf("call of non-function: %v <%v>", node.Args[0], kind)
		}
		if len(node.Args) > 1 {
			in, out := parameters(kind)
			kind = c.Universe.FuncOf(in, out, false)
		}
		where := c.Fileset.Position(node.Pos())
		return changing(c, symbol, function, kind, func(f reflect.Value, kind reflect.Type) reflect.Value {
			return s.guard(f, kind, fmt.Sprintf("%s:%d", where.Filename, where.Line))
		})
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: 2}
}

// selectCase waits as a select does. It gets four arguments for each case: the channel,
// whether it sends, and pointers to the value and to ok, either of which may be nil.
func selectCase(hasDefault bool, cases ...any) int {
	var all []reflect.SelectCase
	for i := 0; i < len(cases); i += 4 {
		one := reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(cases[i])}
		if cases[i+1].(bool) {
			one.Dir, one.Send = reflect.SelectSend, reflect.ValueOf(cases[i+2]).Elem()
		}
		all = append(all, one)
	}
	if hasDefault {
		all = append(all, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	chosen, value, ok := stops.choose(all)
	if chosen*4 == len(cases) {
		return -1
	}
	if value.IsValid() && cases[chosen*4+2] != nil {
		reflect.ValueOf(cases[chosen*4+2]).Elem().Set(value)
		*cases[chosen*4+3].(*bool) = ok
	}
	return chosen
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

// self is the builtin that gives what is in an interface of anything its type back.
func self() fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		kind, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		zero := reflect.Zero(kind.ReflectType())
		return callOf(c, []*fast.Expr{from}, kind, func(args []reflect.Value) reflect.Value {
			if v := args[0].Elem(); v.IsValid() {
				return v
			}
			return zero
		})
	}}
}
