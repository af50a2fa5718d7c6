package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// selectOk receives with ok:
//
//	select {
//	case v, ok := <-c:
//	…
//	}
//
// In the interpreter ok is always true, so a worker's loop never ends. A function waits in
// its place, and a switch goes on: what it gets for each case are the channel, whether it
// sends, and pointers to the value and to ok. select {} is lowered too: the interpreter
// skips it. A select without ok is lowered for the stop button, which ends the function.
func selectOk(l *Lowered, c *astutil.Cursor) {
	s, ok := c.Node().(*ast.SelectStmt)
	if !ok {
		return
	}
	if len(s.Body.List) == 0 {
		c.Replace(&ast.ExprStmt{X: l.call(l.name(Select), nil, l.constant("false"))})
		return
	}
	waits := l.call(l.name(Select), types.Typ[types.Int], l.constant("false"))
	chosen := &ast.SwitchStmt{Switch: s.Select, Tag: waits, Body: l.block()}
	var ahead []ast.Stmt
	for _, node := range s.Body.List {
		clause := node.(*ast.CommClause)
		l.at = clause.Pos()
		lowered := &ast.CaseClause{Case: clause.Case, Body: clause.Body}
		chosen.Body.List = append(chosen.Body.List, lowered)
		if clause.Comm == nil {
			waits.Args[0] = l.constant("true")
			continue
		}
		lowered.List = []ast.Expr{l.number(int64(len(waits.Args)/4), types.Typ[types.Int])}
		before, args, first := l.communication(clause.Comm)
		ahead = append(ahead, before...)
		waits.Args = append(waits.Args, args...)
		if first != nil {
			lowered.Body = []ast.Stmt{first, l.block(lowered.Body...)}
		}
	}
	l.at = s.Pos()
	l.withAhead(c, ahead, chosen)
}

// communication is what comes before a select, what the function gets for a case of it,
// and what begins the case.
func (l *Lowered) communication(comm ast.Stmt) (before []ast.Stmt, args []ast.Expr, first ast.Stmt) {
	channel := func(e ast.Expr) {
		v := l.variable("channel", l.typeOf(e))
		before = append(before, l.let(v, e))
		args = append(args, l.use(v))
	}
	switch comm := comm.(type) {
	case *ast.SendStmt:
		channel(comm.Chan)
		v := l.variable("value", l.typeOf(comm.Chan).Underlying().(*types.Chan).Elem())
		before = append(before, l.declare(v), l.set(l.use(v), comm.Value))
		args = append(args, l.constant("true"), l.address(l.use(v)), l.name("nil"))
	case *ast.ExprStmt:
		channel(ast.Unparen(comm.X).(*ast.UnaryExpr).X)
		args = append(args, l.constant("false"), l.name("nil"), l.name("nil"))
	case *ast.AssignStmt:
		from := ast.Unparen(comm.Rhs[0]).(*ast.UnaryExpr).X
		channel(from)
		v, ok := l.variable("value", l.typeOf(from).Underlying().(*types.Chan).Elem()), l.variable("ok", types.Typ[types.Bool])
		before = append(before, l.declare(v), l.declare(ok))
		args = append(args, l.constant("false"), l.address(l.use(v)), l.address(l.use(ok)))
		first = l.assign(comm.Tok, comm.Lhs, []ast.Expr{l.use(v), l.use(ok)}[:len(comm.Lhs)])
		if len(comm.Lhs) == 2 && blank(comm.Lhs[0]) && blank(comm.Lhs[1]) {
			first.(*ast.AssignStmt).Tok = token.ASSIGN
		}
	}
	return before, args, first
}
