package cell

import (
	"fmt"
	"go/ast"
	"os"
	"reflect"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/gls"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
)

// Package lower makes use of a few builtins, which only a compiler can offer: their types
// depend on what they are called with.

// one is the builtin that is its argument's first value: a call of the function
// that returns what it gets, for the argument's type.
func one() fast.Builtin {
	compile := func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		argument := c.Expr1(node.Args[0], nil)
		types := []xreflect.Type{argument.Type}
		kind := c.Universe.FuncOf(types, types, false)
		same := xreflect.MakeValue(reflect.MakeFunc(kind.ReflectType(), func(v []reflect.Value) []reflect.Value { return v }))
		function := &fast.Expr{Lit: fast.Lit{Type: kind}, Fun: func(*fast.Env) xreflect.Value { return same }}
		return &fast.Call{Fun: function, Args: []*fast.Expr{argument}, OutTypes: types}
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: 1}
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
				if kind.IsVariadic() {
					return f.ReflectValue().CallSlice(all)
				}
				return f.ReflectValue().Call(all)
			}))
		}
		symbol.Type = c.TypeOf(bound)
		call := &fast.Expr{Lit: fast.Lit{Type: symbol.Type, Value: bound}, Sym: &symbol, EFlags: fast.EFlag4Value(bound)}
		return &fast.Call{Fun: call, Args: []*fast.Expr{function, first}, OutTypes: []xreflect.Type{kind}}
	}
	return fast.Builtin{Compile: compile, ArgMin: 2, ArgMax: 2}
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
		wrap := func(f xreflect.Value) xreflect.Value {
			return xreflect.MakeValue(s.guard(f.ReflectValue(), kind.ReflectType(), fmt.Sprintf("%s:%d", where.Filename, where.Line)))
		}
		symbol.Type = c.TypeOf(wrap)
		call := &fast.Expr{Lit: fast.Lit{Type: symbol.Type, Value: wrap}, Sym: &symbol, EFlags: fast.EFlag4Value(wrap)}
		return &fast.Call{Fun: call, Args: []*fast.Expr{function}, OutTypes: []xreflect.Type{kind}}
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: 2}
}

// guard is the function that really runs in the goroutine, f in the clothes of
// kind. While it does, the goroutine is known as one that outlives an interrupt.
func (s *Session) guard(f reflect.Value, kind reflect.Type, where string) reflect.Value {
	return reflect.MakeFunc(kind, func(arguments []reflect.Value) (results []reflect.Value) {
		me := gls.GoID()
		s.backgrounds.Store(me, true)
		defer s.backgrounds.Delete(me)
		returned := false
		defer func() {
			if recovered := recover(); recovered != nil {
				if exiting(recovered) {
					reportExit(where)
				} else {
					reportPanic(where, recovered)
				}
				results = nil
				for out := range kind.Outs() {
					results = append(results, reflect.Zero(out))
				}
			} else if !returned {
				reportExit(where)
			}
		}()
		if f.Type().IsVariadic() {
			results = f.CallSlice(arguments)
		} else {
			results = f.Call(arguments)
		}
		returned = true
		return results
	})
}

// reportPanic shows a goroutine's panic in red, under the latest cell.
func reportPanic(where string, recovered any) {
	if _, ok := recovered.(base.Signal); ok {
		return // an interrupt
	}
	fmt.Fprintf(os.Stderr, "panic in a goroutine, started at %s: %v\nThe goroutine has ended; the kernel and everything you defined are still there.\n", where, recovered)
}

// guardTimers guards what time.AfterFunc runs, which is in a goroutine of its own.
func guardTimers() {
	binds := imports.Packages["time"].Binds
	binds["AfterFunc"] = reflect.ValueOf(func(d time.Duration, f func()) *time.Timer {
		return time.AfterFunc(d, func() {
			defer func() {
				if recovered := recover(); recovered != nil {
					reportPanic("a time.AfterFunc", recovered)
				}
			}()
			f()
		})
	})
}
