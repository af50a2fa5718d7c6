package cell

import (
	"fmt"
	"go/ast"
	"os"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/gls"
)

// Before a cell is compiled, two things in it are changed that would hurt its
// reader.
//
// A panic in a goroutine ends a Go program, and with the kernel everything that
// the reader defined. So every function literal that a cell starts with go gets a
// deferred call that recovers and reports; go f() is made into one. go f(x) and
// go v.f() are left alone, since x and v must be evaluated before: a panic in one
// of these does end the kernel.
//
// gomacro can't defer a builtin: defer close(c) does not compile. It becomes
// defer func() { close(c) }(). That evaluates c later than Go does; the difference
// shows only where c is set anew in between.
func rewrite(nodes []ast.Node) {
	for _, node := range nodes {
		ast.Inspect(node, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if _, ok := n.Call.Fun.(*ast.Ident); ok && len(n.Call.Args) == 0 {
					n.Call = literalCall(&ast.ExprStmt{X: n.Call})
				}
				if literal, ok := n.Call.Fun.(*ast.FuncLit); ok {
					literal.Body.List = append(guard(), literal.Body.List...)
				}
			case *ast.DeferStmt:
				name, ok := n.Call.Fun.(*ast.Ident)
				if ok && (name.Name == "close" || name.Name == "delete" || name.Name == "panic") {
					n.Call = literalCall(&ast.ExprStmt{X: n.Call})
				}
			}
			return true
		})
	}
}

// reportPanic is what cells know goroutinePanicked by; the name is one that nobody
// would choose.
const reportPanic = "stepwise_kernel_goroutine"

// guard is the statement
//
//	defer func() { report(true, recover()) }()
//
// behind report(false, nil), which notes that this goroutine is no coroutine of a
// cell's.
func guard() []ast.Stmt {
	report := func(arguments ...ast.Expr) ast.Stmt {
		return &ast.ExprStmt{X: &ast.CallExpr{Fun: ast.NewIdent(reportPanic), Args: arguments}}
	}
	recovered := &ast.CallExpr{Fun: ast.NewIdent("recover")}
	return []ast.Stmt{
		report(ast.NewIdent("false"), ast.NewIdent("nil")),
		&ast.DeferStmt{Call: literalCall(report(ast.NewIdent("true"), recovered))},
	}
}

// literalCall is func() { statement }().
func literalCall(statement ast.Stmt) *ast.CallExpr {
	return &ast.CallExpr{Fun: &ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{List: []ast.Stmt{statement}},
	}}
}

// goroutinePanicked is called at the beginning and at the end of a goroutine, by
// itself. A panic is reported on stderr, under the latest cell.
func (s *Session) goroutinePanicked(ends bool, recovered any) {
	if !ends {
		s.backgrounds.Store(gls.GoID(), true)
		return
	}
	s.backgrounds.Delete(gls.GoID())
	if recovered == nil {
		return
	}
	if _, ok := recovered.(base.Signal); ok {
		return
	}
	fmt.Fprintf(os.Stderr, "panic in a goroutine: %v\nThe goroutine has ended; the kernel and everything you defined are still there.\n", recovered)
}
