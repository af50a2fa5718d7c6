package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// rangeFunction calls the function that a loop is over, with the loop's body as a
// function:
//
//	for x := range all {
//		if x > 3 {
//			break
//		}
//		fmt.Println(x)
//	}
//
// becomes all(func(x int) bool { if x > 3 { return false }; fmt.Println(x); return true }).
// What leaves the body for another place, such as a return or the break of an outer loop,
// notes where it leads, and is done once the call has returned.
func rangeFunction(l *Lowered, c *astutil.Cursor) {
	loop, ok := c.Node().(*ast.RangeStmt)
	if !ok {
		return
	}
	over, ok := l.typeOf(loop.X).Underlying().(*types.Signature)
	if !ok {
		return
	}
	yield := over.Params().At(0).Type().Underlying().(*types.Signature)
	b := &loopBody{Lowered: l, labels: labelsIn(loop.Body), leaves: l.variable("leaves", types.Typ[types.Int]), done: l.variable("done", types.Typ[types.Bool])}
	if labeled, ok := c.Parent().(*ast.LabeledStmt); ok {
		b.own = labeled.Label.Name
	}
	var params []*types.Var
	var first []ast.Stmt
	for i, e := range []ast.Expr{loop.Key, loop.Value}[:yield.Params().Len()] {
		v := l.variable("value", yield.Params().At(i).Type())
		params = append(params, v)
		if !blank(e) {
			first = append(first, l.assign(loop.Tok, []ast.Expr{e}, []ast.Expr{l.use(v)}))
		}
	}
	body := b.rewrite(loop.Body)
	again := &ast.IfStmt{If: l.at, Cond: l.use(b.done), Body: l.block(&ast.ExprStmt{X: l.call(l.name("panic"), nil, l.call(l.name(LoopOver), types.Universe.Lookup("error").Type()))})}
	statements := append(append([]ast.Stmt{again}, first...), body, l.returns(l.constant("true")))
	literal := &ast.FuncLit{Type: l.signature(yield, params), Body: l.block(statements...)}
	literal.Type.Results = &ast.FieldList{List: []*ast.Field{{Type: l.name("bool")}}}
	l.typed(literal, yield)
	list := append(b.ahead, l.declare(b.leaves), l.declare(b.done), &ast.ExprStmt{X: l.call(loop.X, nil, literal)}, l.set(l.use(b.done), l.constant("true")))
	for i, leave := range b.after {
		is := l.binary(token.EQL, types.Typ[types.Bool], l.use(b.leaves), l.number(int64(i+1), types.Typ[types.Int]))
		list = append(list, &ast.IfStmt{If: l.at, Cond: is, Body: l.block(leave)})
	}
	c.Replace(l.block(list...))
}

func (l *Lowered) returns(results ...ast.Expr) ast.Stmt {
	return &ast.ReturnStmt{Return: l.at, Results: results}
}

// A loopBody is the body of a loop over a function while it becomes a function.
type loopBody struct {
	*Lowered
	own          string          // the loop's label
	labels       map[string]bool // that are in the body
	leaves, done *types.Var      // which of after is to be done, counted from 1; whether the loop is over
	ahead, after []ast.Stmt
}

// labelsIn are the labels in a node.
func labelsIn(n ast.Node) map[string]bool {
	all := make(map[string]bool)
	ast.Inspect(n, func(n ast.Node) bool {
		if labeled, ok := n.(*ast.LabeledStmt); ok {
			all[labeled.Label.Name] = true
		}
		return true
	})
	return all
}

// rewrite changes all statements that leave the body.
func (b *loopBody) rewrite(body *ast.BlockStmt) *ast.BlockStmt {
	loops, breakable := 0, 0 // around the node, in the body
	count := func(n ast.Node, by int) {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			loops += by
			breakable += by
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			breakable += by
		}
	}
	enter := func(c *astutil.Cursor) bool {
		_, isFunction := c.Node().(*ast.FuncLit)
		count(c.Node(), 1)
		return !isFunction
	}
	return astutil.Apply(body, enter, func(c *astutil.Cursor) bool {
		count(c.Node(), -1)
		b.at = body.Pos()
		switch n := c.Node().(type) {
		case *ast.ReturnStmt:
			b.at = n.Pos()
			c.Replace(b.returnFrom(n))
		case *ast.BranchStmt:
			b.at = n.Pos()
			b.branch(c, n, n.Tok == token.CONTINUE && loops > 0 || n.Tok == token.BREAK && breakable > 0)
		case *ast.DeferStmt:
			b.refuse(n, "a defer in a loop over a function")
		}
		return true
	}).(*ast.BlockStmt)
}

// branch changes a break, continue or goto, which may belong to something in the body.
func (b *loopBody) branch(c *astutil.Cursor, n *ast.BranchStmt, inside bool) {
	switch {
	case n.Tok == token.FALLTHROUGH, n.Label == nil && inside, n.Label != nil && b.labels[n.Label.Name]:
	case n.Tok == token.CONTINUE && (n.Label == nil || n.Label.Name == b.own):
		c.Replace(b.returns(b.constant("true")))
	case n.Tok == token.BREAK && (n.Label == nil || n.Label.Name == b.own):
		c.Replace(b.block(b.set(b.use(b.done), b.constant("true")), b.returns(b.constant("false"))))
	default:
		c.Replace(b.leave(n))
	}
}

// leave ends the loop; n is done after it.
func (b *loopBody) leave(n ast.Stmt, before ...ast.Stmt) ast.Stmt {
	b.after = append(b.after, n)
	return b.block(append(before,
		b.set(b.use(b.leaves), b.number(int64(len(b.after)), types.Typ[types.Int])),
		b.set(b.use(b.done), b.constant("true")),
		b.returns(b.constant("false")))...)
}

// returnFrom keeps the results for the return after the loop.
func (b *loopBody) returnFrom(n *ast.ReturnStmt) ast.Stmt {
	if len(n.Results) == 0 {
		return b.leave(n)
	}
	var results []*types.Var
	for v := range b.inside[len(b.inside)-1].Results().Variables() {
		results = append(results, b.variable("result", v.Type()))
	}
	for _, v := range results {
		b.ahead = append(b.ahead, b.declare(v))
	}
	keep := b.assign(token.ASSIGN, b.uses(results), n.Results)
	return b.leave(b.returns(b.uses(results)...), keep)
}
