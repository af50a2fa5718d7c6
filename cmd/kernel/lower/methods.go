package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// methods makes functions of a cell's methods, and calls these:
//
//	type list struct{ next *list }
//	func (l *list) Len() int {
//		if l == nil {
//			return 0
//		}
//		return 1 + l.next.Len()
//	}
//
// The interpreter loses the methods of a type that names itself, takes a receiver for a
// variable of the session that has its name, and finds no method that is declared further
// down. It has no such trouble with functions. What remains of the method calls the
// function: interfaces need it, and so do readers who ask for a type's methods.
func methods(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.CallExpr:
		if f, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			l.methodCall(n, f)
		}
	case *ast.SelectorExpr:
		if call, ok := c.Parent().(*ast.CallExpr); !ok || ast.Unparen(call.Fun) != n {
			if value := l.methodValue(n); value != nil {
				c.Replace(value)
			}
		}
	}
}

// methodCall makes a function's call of a method's.
func (l *Lowered) methodCall(call *ast.CallExpr, f *ast.SelectorExpr) {
	s := l.Info.Selections[f]
	if s == nil || s.Kind() != types.MethodVal {
		return
	}
	method := s.Obj().(*types.Func)
	receiver := l.receiver(f.X, s)
	if name := l.functionOf(method); name != "" {
		fun := &ast.Ident{Name: name, NamePos: f.Sel.Pos()}
		l.typed(fun, withReceiver(method))
		call.Fun = fun
		if len(call.Args) == 1 && call.Ellipsis == token.NoPos {
			if _, ok := l.typeOf(call.Args[0]).(*types.Tuple); ok { // x.M(f())
				call.Fun = l.bind(fun, receiver, s.Type())
				return
			}
		}
		call.Args = append([]ast.Expr{receiver}, call.Args...)
		return
	}
	f.X = receiver
}

// methodValue is a function whose receiver is a copy: of x, for x.M. For T.M it is the
// function of the method.
func (l *Lowered) methodValue(f *ast.SelectorExpr) ast.Expr {
	s := l.Info.Selections[f]
	if s == nil || s.Kind() == types.FieldVal {
		return nil
	}
	method := s.Obj().(*types.Func)
	name := l.functionOf(method)
	if s.Kind() == types.MethodExpr {
		if name == "" || len(s.Index()) > 1 || !types.Identical(s.Recv(), method.Signature().Recv().Type()) {
			return nil
		}
		fun := &ast.Ident{Name: name, NamePos: f.Sel.Pos()}
		l.typed(fun, s.Type())
		return fun
	}
	receiver := l.receiver(f.X, s)
	if name == "" {
		if !isPointer(l.typeOf(receiver)) {
			receiver = l.copyOf(receiver)
		}
		f.X = receiver
		return nil
	}
	fun := &ast.Ident{Name: name, NamePos: f.Sel.Pos()}
	l.typed(fun, withReceiver(method))
	return l.bind(fun, receiver, s.Type())
}

// bind is f with its first argument.
func (l *Lowered) bind(f, first ast.Expr, t types.Type) ast.Expr {
	return l.call(l.name(Bind), t, f, first)
}

// copyOf is a copy of a value.
func (l *Lowered) copyOf(e ast.Expr) ast.Expr { return l.call(l.name(One), l.typeOf(e), e) }

// functionOf is the function that does a method's work; empty if the method isn't that of
// a cell's type.
func (l *Lowered) functionOf(method *types.Func) string {
	named := namedOf(method.Signature().Recv().Type())
	if named == nil || named.Obj().Pkg() != l.Package || types.IsInterface(named) || named.TypeArgs().Len() > 0 {
		return ""
	}
	return FunctionOf(named.Obj().Name(), method.Name())
}

// FunctionOf is the name of the function that does the work of the method of a type.
func FunctionOf(of, method string) string {
	return Prefix + "method_" + strings.TrimPrefix(Known(of), Prefix) + "_" + method
}

// namedOf is the named type that a type is, or points to; nil for a type without a name.
func namedOf(t types.Type) *types.Named {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// withReceiver is the type of a method's function: the receiver is its first parameter.
func withReceiver(method *types.Func) *types.Signature {
	s := method.Signature()
	params := []*types.Var{s.Recv()}
	for p := range s.Params().Variables() {
		params = append(params, p)
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), s.Results(), s.Variadic())
}

// receiver is what a method gets that is selected of x: the embedded field that has it,
// its address, or what it points to.
func (l *Lowered) receiver(x ast.Expr, s *types.Selection) ast.Expr {
	x = l.path(x, s)
	method := s.Obj().(*types.Func)
	wantsPointer := isPointer(method.Signature().Recv().Type())
	switch isOne := isPointer(l.typeOf(x)); {
	case wantsPointer && !isOne:
		return l.address(x)
	case !wantsPointer && isOne:
		return l.star(x)
	}
	return x
}

// path is the embedded field of x that has what is selected, or one that a package keeps it in.
func (l *Lowered) path(x ast.Expr, s *types.Selection) ast.Expr {
	for _, i := range s.Index()[:len(s.Index())-1] {
		field := structOf(l.typeOf(x)).Field(i)
		if !field.Exported() && field.Pkg() != l.Package {
			break
		}
		x = l.field(x, field)
	}
	return x
}

// structOf is the struct that a type is, or points to.
func structOf(t types.Type) *types.Struct {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, _ := t.Underlying().(*types.Struct)
	return structure
}

// field is x.field.
func (l *Lowered) field(x ast.Expr, field *types.Var) ast.Expr {
	sel := l.name(field.Name())
	l.Info.Uses[sel] = field
	e := &ast.SelectorExpr{X: x, Sel: sel}
	l.typed(e, field.Type())
	return e
}
