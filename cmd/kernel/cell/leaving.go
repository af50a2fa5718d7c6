package cell

import (
	"go/ast"
	"reflect"
	"runtime"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/gls"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/pkg/coro"
	"stepwise/pkg/probe"
)

func init() { probe.Bridge(reflect.TypeFor[border]().PkgPath()) }

// A border is where compiled code calls a cell's function. If that panics and the compiled
// code recovers, gomacro takes the function for one that still runs, and what it keeps of
// the goroutine is wrong from then on. So that is noted, and put back.
type border struct {
	session *Session
	run     *fast.Run // nil if the goroutine has not run a cell's code yet

	interrupt                  fast.Stmt
	flags                      fast.ExecFlags
	caller, deferOf, panicking *fast.Env
	panicked                   any
}

func (s *Session) border() *border {
	b := &border{session: s, run: runOf(s.anyRun, gls.GoID())}
	if r := b.run; r != nil {
		b.interrupt, b.flags, b.caller, b.deferOf, b.panicking, b.panicked = r.Interrupt, r.ExecFlags, r.CurrEnv, r.DeferOfFun, r.PanicFun, r.Panic
	}
	return b
}

// cross is deferred. It lets a panic out, in Go's words.
func (b *border) cross() {
	recovered := recover()
	if recovered == nil {
		return
	}
	if b.run == nil {
		b.run = runOf(b.session.anyRun, gls.GoID())
	}
	if r := b.run; r != nil {
		b.session.noteInside(r.CurrEnv, b.caller)
		r.Interrupt, r.ExecFlags, r.CurrEnv, r.DeferOfFun, r.PanicFun, r.Panic = b.interrupt, b.flags, b.caller, b.deferOf, b.panicking, b.panicked
		r.InstallDefer, r.Signals.Sync = nil, base.SigNone
	}
	if isGoexit(recovered) {
		runtime.Goexit()
	}
	panic(goError(recovered))
}

// leaving is the builtin that makes a function for compiled code.
func (s *Session) leaving() fast.Builtin {
	return fast.Builtin{ArgMin: 1, ArgMax: 1, Compile: func(c *fast.Comp, symbol fast.Symbol, node *ast.CallExpr) *fast.Call {
		function := c.Expr1(node.Args[0], nil)
		return changing(c, symbol, function, function.Type, s.guardBorder)
	}}
}

// changing is a call of a builtin that makes a function of another.
func changing(c *fast.Comp, symbol fast.Symbol, function *fast.Expr, kind xreflect.Type, change func(f reflect.Value, kind reflect.Type) reflect.Value) *fast.Call {
	wrap := func(f xreflect.Value) xreflect.Value {
		return xreflect.MakeValue(change(f.ReflectValue(), kind.ReflectType()))
	}
	symbol.Type = c.TypeOf(wrap)
	call := &fast.Expr{Lit: fast.Lit{Type: symbol.Type, Value: wrap}, Sym: &symbol, EFlags: fast.EFlag4Value(wrap)}
	return &fast.Call{Fun: call, Args: []*fast.Expr{function}, OutTypes: []xreflect.Type{kind}}
}

// guardBorder is f with a border around each call. The forms that compiled code calls again
// and again don't go through reflection.
func (s *Session) guardBorder(f reflect.Value, kind reflect.Type) reflect.Value {
	if f.IsNil() || !interpreted(f) {
		return f
	}
	var made any
	switch f := f.Interface().(type) {
	case func():
		made = func() { defer s.border().cross(); f() }
	case func(coro.Yield) error:
		made = func(yield coro.Yield) error { defer s.border().cross(); return f(yield) }
	case func(coro.Yield) (any, error):
		made = func(yield coro.Yield) (any, error) { defer s.border().cross(); return f(yield) }
	case coro.Body:
		made = coro.Body(func(yield coro.Yield) (any, error) { defer s.border().cross(); return f(yield) })
	}
	if made != nil {
		return reflect.ValueOf(made)
	}
	return reflect.MakeFunc(kind, func(args []reflect.Value) []reflect.Value {
		defer s.border().cross()
		return callSlice(f, args)
	})
}

// interpreted reports whether a function is a cell's.
func interpreted(f reflect.Value) bool {
	code := runtime.FuncForPC(f.Pointer())
	return code != nil && probe.Interpreted(code.Name())
}
