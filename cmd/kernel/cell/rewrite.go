package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/gls"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
)

// Before a cell is compiled, three things in it that would hurt the reader are changed.
//
// A panic in a goroutine ends a Go program, and with the kernel everything that
// the reader defined. So go f(x) becomes go guarded(f)(x): guarded is known to the
// compiler only, has the type of f, and recovers and reports. f and x are still
// evaluated where Go evaluates them, before the goroutine begins.
//
// gomacro can't defer a builtin, nor start one: defer close(c) does not compile. It
// becomes defer func() { close(c) }(). That evaluates c later than Go does; the
// difference shows only where c is set anew in between.
//
// gomacro takes v.(T), m[k] and <-c for two values, the second a bool, where they are a
// call's only argument: fmt.Println(v.(T)) prints 3 true. So f(<-c) becomes
// f(one(<-c)), by another builtin.
func rewrite(nodes []ast.Node) {
	ours := make(map[*ast.CallExpr]bool)
	for _, node := range nodes {
		ast.Inspect(node, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if isBuiltin(n.Call.Fun) {
					n.Call = literalCall(&ast.ExprStmt{X: n.Call})
				}
				guard(n)
			case *ast.CallExpr:
				if len(n.Args) == 1 && !ours[n] && maybeTwo(n.Args[0]) {
					one := &ast.CallExpr{Fun: &ast.Ident{Name: oneName, NamePos: n.Args[0].Pos()}, Args: []ast.Expr{n.Args[0]}}
					ours[one], n.Args[0] = true, one
				}
			case *ast.DeferStmt:
				if isBuiltin(n.Call.Fun) {
					n.Call = literalCall(&ast.ExprStmt{X: n.Call})
				}
			}
			return true
		})
	}
}

// maybeTwo reports whether an expression may be taken for two values.
func maybeTwo(argument ast.Expr) bool {
	switch argument := argument.(type) {
	case *ast.TypeAssertExpr:
		return argument.Type != nil
	case *ast.UnaryExpr:
		return argument.Op == token.ARROW
	case *ast.IndexExpr: // of a map
		return true
	}
	return false
}

// oneName is what rewrite calls one by.
const oneName = "stepwise_kernel_one"

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

// guard makes go f(x) of the statement into go guarded(f)(x). gomacro starts f(x...)
// as if it were f(x), so guarded, told by a second argument, makes a function of f
// that takes a slice. And it can't start f(g()) where g has several results: they
// are shown to guarded, which refuses them.
func guard(n *ast.GoStmt) {
	call := n.Call
	arguments := []ast.Expr{call.Fun}
	if call.Ellipsis != token.NoPos {
		arguments, call.Ellipsis = append(arguments, ast.NewIdent("true")), token.NoPos
	} else if len(call.Args) == 1 {
		if inner, ok := call.Args[0].(*ast.CallExpr); ok {
			arguments = append(arguments, ast.NewIdent("false"), inner)
		}
	}
	call.Fun = &ast.CallExpr{Fun: &ast.Ident{Name: guardedName, NamePos: n.Go}, Args: arguments}
}

func isBuiltin(function ast.Expr) bool {
	name, ok := function.(*ast.Ident)
	return ok && slices.Contains([]string{"close", "delete", "panic", "print", "println", "copy"}, name.Name)
}

// literalCall is func() { statement }().
func literalCall(statement ast.Stmt) *ast.CallExpr {
	return &ast.CallExpr{Fun: &ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{List: []ast.Stmt{statement}},
	}}
}

// guardedName is what rewrite calls guarded by; nobody would choose it.
const guardedName = "stepwise_kernel_guarded"

// guarded is the builtin that turns a function into one of the same type whose
// panics are reported instead of ending the kernel.
func (s *Session) guarded() fast.Builtin {
	compile := func(c *fast.Comp, symbol fast.Symbol, node *ast.CallExpr) *fast.Call {
		function := c.Expr1(node.Args[0], nil)
		kind := function.Type
		if kind.Kind() != reflect.Func {
			c.Errorf("call of non-function: %v <%v>", node.Args[0], kind)
		}
		switch len(node.Args) {
		case 2:
			kind = takesSlice(c, kind)
		case 3:
			if c.Expr(node.Args[2], nil).NumOut() > 1 {
				c.Errorf("go with the several results of a call as arguments: not supported")
			}
		}
		where := c.Fileset.Position(node.Pos())
		wrap := func(f xreflect.Value) xreflect.Value {
			return xreflect.MakeValue(s.guard(f.ReflectValue(), kind.ReflectType(), fmt.Sprintf("%s:%d", where.Filename, where.Line)))
		}
		symbol.Type = c.TypeOf(wrap)
		call := &fast.Expr{Lit: fast.Lit{Type: symbol.Type, Value: wrap}, Sym: &symbol, EFlags: fast.EFlag4Value(wrap)}
		return &fast.Call{Fun: call, Args: []*fast.Expr{function}, OutTypes: []xreflect.Type{kind}}
	}
	return fast.Builtin{Compile: compile, ArgMin: 1, ArgMax: 3}
}

// takesSlice is the type of a variadic function that takes a slice instead.
func takesSlice(c *fast.Comp, kind xreflect.Type) xreflect.Type {
	in, out := parameters(kind)
	return c.Universe.FuncOf(in, out, false)
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
