package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// oneValue keeps an argument, and a condition, from being two:
//
//	fmt.Println(v.(int))
//	if seen[path] {
//
// The interpreter takes v.(T), m[k] and <-c for two values, the second a bool, where they
// are a call's only argument, or what a cell shows; and it warns of a condition m[k].
func oneValue(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); len(n.Args) == 1 && (!ok || id.Name != One) {
			n.Args[0] = l.one(n.Args[0])
		}
	case *ast.ExprStmt:
		n.X = l.one(n.X)
	case *ast.IfStmt:
		n.Cond = l.one(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			n.Cond = l.one(n.Cond)
		}
	}
}

// one is e, or a copy of it if the interpreter may take e for two values.
func (l *Lowered) one(e ast.Expr) ast.Expr {
	switch inner := ast.Unparen(e).(type) {
	case *ast.TypeAssertExpr:
		if inner.Type != nil { // no type switch
			return l.copyOf(inner)
		}
	case *ast.UnaryExpr:
		if inner.Op == token.ARROW {
			return l.copyOf(inner)
		}
	case *ast.IndexExpr:
		if t := l.typeOf(inner.X); t != nil && isMap(t) {
			return l.copyOf(inner)
		}
	}
	return e
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// started prepares the calls of go and defer:
//
//	defer close(c)
//	go use(read())
//
// The interpreter can defer no builtin, nor start one or a function whose arguments are
// several results of a call; and a goroutine must not see what becomes of a variable that
// is its argument. A panic in a goroutine would end the kernel, and everything that the
// reader has defined: so go f(x) becomes go guarded(f)(x).
func started(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.DeferStmt:
		l.withAhead(c, l.prepareCall(&n.Call, false), n)
	case *ast.GoStmt:
		ahead := l.prepareCall(&n.Call, true)
		arguments := []ast.Expr{n.Call.Fun}
		if n.Call.Ellipsis != token.NoPos { // the interpreter would start it as f(x)
			arguments, n.Call.Ellipsis = append(arguments, l.constant("true")), token.NoPos
		}
		n.Call.Fun = l.call(l.name(Guarded), l.typeOf(n.Call.Fun), arguments...)
		l.withAhead(c, ahead, n)
	}
}

// prepareCall makes a call one that can be started, and returns what comes before it.
func (l *Lowered) prepareCall(call **ast.CallExpr, copies bool) (ahead []ast.Stmt) {
	builtin := false
	if id, ok := ast.Unparen((*call).Fun).(*ast.Ident); ok {
		_, builtin = l.Info.Uses[id].(*types.Builtin)
	}
	for i, e := range (*call).Args {
		if tuple, ok := l.typeOf(e).(*types.Tuple); ok {
			var results []*types.Var
			for v := range tuple.Variables() {
				results = append(results, l.variable("argument", v.Type()))
			}
			ahead = append(ahead, l.assign(token.DEFINE, l.defines(results), []ast.Expr{e}))
			(*call).Args = l.uses(results)
			break
		}
		known := l.Info.Types[e]
		switch {
		case known.Value != nil || known.IsNil() || known.IsType():
		case builtin:
			v := l.variable("argument", known.Type)
			ahead = append(ahead, l.let(v, e))
			(*call).Args[i] = l.use(v)
		case copies && l.root(e) != nil:
			(*call).Args[i] = l.copyOf(e)
		}
	}
	if builtin {
		*call = l.call(l.literal(&ast.ExprStmt{X: *call}), nil)
	}
	return ahead
}

// literal is func() { statements }.
func (l *Lowered) literal(statements ...ast.Stmt) *ast.FuncLit {
	e := &ast.FuncLit{Type: &ast.FuncType{Func: l.at, Params: &ast.FieldList{Opening: l.at}}, Body: l.block(statements...)}
	l.typed(e, types.NewSignatureType(nil, nil, nil, nil, nil, false))
	return e
}
