package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"

	"golang.org/x/tools/go/ast/astutil"
)

// Builtins that wait in the place of Go's own words.
const (
	Receive   = Prefix + "receive"   // receive(c) is <-c
	ReceiveOk = Prefix + "receiveok" // receiveok(c) is <-c with ok
	Send      = Prefix + "send"      // send(c, v) is c <- v
	Look      = Prefix + "look"      // look() ends a cell that was stopped
)

// waits lets the stop button end what waits for a channel:
//
//	v := <-c
//
// The interpreter would wait until somebody sends. So functions that also wait for the
// button do it in its place. Behind a call of compiled code that may wait, which nothing can
// wake, the cell looks whether it was stopped meanwhile.
func waits(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.UnaryExpr:
		if n.Op != token.ARROW {
			return
		}
		result, name := l.typeOf(n), Receive
		if _, two := result.(*types.Tuple); two {
			name = ReceiveOk
		}
		c.Replace(l.call(l.name(name), result, n.X))
	case *ast.SendStmt:
		element := l.typeOf(n.Chan).Underlying().(*types.Chan).Elem()
		c.Replace(&ast.ExprStmt{X: l.call(l.name(Send), nil, n.Chan, l.convert(element, n.Value))})
	case *ast.RangeStmt:
		l.rangeChannel(c, n)
	case *ast.BlockStmt:
		switch c.Parent().(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt: // a list of cases
		default:
			n.List = l.looking(n.List)
		}
	case *ast.CaseClause:
		n.Body = l.looking(n.Body)
	}
}

// rangeChannel is a loop that receives until the channel is closed.
func (l *Lowered) rangeChannel(c *astutil.Cursor, n *ast.RangeStmt) {
	t, ok := l.typeOf(n.X).Underlying().(*types.Chan)
	if !ok {
		return
	}
	from := l.variable("channel", l.typeOf(n.X))
	v, more := l.variable("value", t.Elem()), l.variable("ok", types.Typ[types.Bool])
	both := types.NewTuple(types.NewVar(l.at, l.Package, "", t.Elem()), types.NewVar(l.at, l.Package, "", types.Typ[types.Bool]))
	received := l.assign(token.DEFINE, l.defines([]*types.Var{v, more}), []ast.Expr{l.call(l.name(ReceiveOk), both, l.use(from))})
	closed := &ast.IfStmt{If: l.at, Cond: l.not(l.use(more)), Body: l.block(&ast.BranchStmt{Tok: token.BREAK, TokPos: l.at})}
	body := []ast.Stmt{received, closed}
	if !blank(n.Key) {
		body = append(body, l.assign(n.Tok, []ast.Expr{n.Key}, []ast.Expr{l.use(v)}))
	} else {
		body = append(body, l.assign(token.ASSIGN, []ast.Expr{l.name("_")}, []ast.Expr{l.use(v)}))
	}
	loop := &ast.ForStmt{For: n.For, Body: l.block(append(body, n.Body)...)}
	l.withAhead(c, []ast.Stmt{l.let(from, n.X)}, loop)
}

// not is !e.
func (l *Lowered) not(e ast.Expr) ast.Expr {
	n := &ast.UnaryExpr{Op: token.NOT, OpPos: l.at, X: e}
	l.typed(n, types.Typ[types.Bool])
	return n
}

// looking has a look behind each statement that may wait, and at the beginning of each
// block whose head may.
func (l *Lowered) looking(list []ast.Stmt) []ast.Stmt {
	var all []ast.Stmt
	for _, s := range list {
		waits := l.mayWait(s)
		if waits {
			l.lookInside(s)
		}
		all = append(all, s)
		switch s.(type) {
		case *ast.ReturnStmt, *ast.BranchStmt, *ast.GoStmt, *ast.DeferStmt:
		default:
			if waits {
				all = append(all, l.look())
			}
		}
	}
	return all
}

// lookAtTop does so outside all functions, where the last expression must stay the last.
func (l *Lowered) lookAtTop() {
	list := l.looking(l.Body)
	if last := len(list) - 1; last > 0 && len(l.Body) > 0 && list[last] != l.Body[len(l.Body)-1] {
		list = list[:last]
	}
	l.Body = list
}

func (l *Lowered) look() ast.Stmt { return &ast.ExprStmt{X: l.call(l.name(Look), nil)} }

// lookInside has a look at the beginning of the blocks of a statement.
func (l *Lowered) lookInside(s ast.Stmt) {
	first := func(block *ast.BlockStmt) {
		if block != nil {
			block.List = append([]ast.Stmt{l.look()}, block.List...)
		}
	}
	switch s := s.(type) {
	case *ast.LabeledStmt:
		l.lookInside(s.Stmt)
	case *ast.ForStmt:
		first(s.Body)
	case *ast.RangeStmt:
		first(s.Body)
	case *ast.IfStmt:
		first(s.Body)
		switch other := s.Else.(type) {
		case *ast.BlockStmt:
			first(other)
		case *ast.IfStmt:
			l.lookInside(other)
		}
	case *ast.SwitchStmt, *ast.TypeSwitchStmt:
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CaseClause:
				n.Body = append([]ast.Stmt{l.look()}, n.Body...)
				return false
			case *ast.FuncLit:
				return false
			}
			return true
		})
	}
}

// waiting are the packages whose functions and methods may wait for something outside of
// the cell. fmt waits only where it reads or writes.
var (
	waiting    = regexp.MustCompile(`^(bufio|crypto/tls|golang\.org/x/sys/unix|io|log|net|os|stepwise/pkg|sync|syscall)(/|$)`)
	fmtWaiting = regexp.MustCompile(`^(Fprint|Fscan|Scan)`)
)

// mayWait reports whether a statement calls compiled code that may wait, outside the blocks
// and functions in it.
func (l *Lowered) mayWait(s ast.Stmt) (found bool) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.BlockStmt, *ast.CaseClause:
			return n == ast.Node(s)
		case *ast.SelectorExpr:
			found = found || l.isWaiting(n.Sel)
		}
		return !found
	})
	return found
}

func (l *Lowered) isWaiting(name *ast.Ident) bool {
	f, ok := l.Info.Uses[name].(*types.Func)
	return ok && f.Pkg() != nil && (waiting.MatchString(f.Pkg().Path()) || f.Pkg().Path() == "fmt" && fmtWaiting.MatchString(f.Name()))
}
