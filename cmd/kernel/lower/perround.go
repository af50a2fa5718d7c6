package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// perRound gives each round of a loop variables of its own:
//
//	for i := 0; i < 3; i++ {
//		functions = append(functions, func() { fmt.Println(i) })
//	}
//
// Only where a function in the loop uses one, or where its address is taken: otherwise no
// one can tell. A pointer leads from each round to the variables of the one before:
//
//	i := 0
//	before, first := &i, true
//	for {
//		i := *before
//		before = &i
//		if first { first = false } else { i++ }
//		if !(i < 3) { break }
//		{ body }
//	}
//
// A range loop has no next step: a copy at the start of the body is enough. It is needed,
// too, where the body assigns to the variable, for the interpreter counts with it:
//
//	for i := range list { i += 5 }
func perRound(l *Lowered, c *astutil.Cursor) {
	switch loop := c.Node().(type) {
	case *ast.RangeStmt:
		if loop.Tok == token.DEFINE {
			l.ownOfRange(loop)
		}
	case *ast.ForStmt:
		if init, ok := loop.Init.(*ast.AssignStmt); ok && init.Tok == token.DEFINE {
			if shared := l.shared(init.Lhs, loop); len(shared) > 0 {
				l.withAhead(c, l.ownOfFor(loop, shared), loop)
			}
		}
	}
}

// ownOfRange copies at the start of each round.
func (l *Lowered) ownOfRange(loop *ast.RangeStmt) {
	var copies []ast.Stmt
	for _, variable := range []*ast.Expr{&loop.Key, &loop.Value} {
		for _, v := range l.shared([]ast.Expr{*variable}, loop.Body, assigned) {
			hidden := l.variable(v.Name(), v.Type())
			*variable = l.define(hidden)
			copies = append(copies, l.let(v, l.use(hidden)))
		}
	}
	if len(copies) > 0 {
		loop.Body = l.block(append(copies, loop.Body)...)
	}
}

// ownOfFor changes the loop, and returns what comes before it.
func (l *Lowered) ownOfFor(loop *ast.ForStmt, shared []*types.Var) []ast.Stmt {
	ahead := []ast.Stmt{loop.Init}
	var body []ast.Stmt
	for _, v := range shared {
		before := l.variable(v.Name(), types.NewPointer(v.Type()))
		ahead = append(ahead, l.let(before, l.address(l.use(v))))
		body = append(body, l.let(v, l.star(l.use(before))), l.set(l.use(before), l.address(l.use(v))))
	}
	if loop.Post != nil {
		first := l.variable("first", types.Typ[types.Bool])
		ahead = append(ahead, l.let(first, l.constant("true")))
		body = append(body, &ast.IfStmt{If: l.at, Cond: l.use(first), Body: l.block(l.set(l.use(first), l.constant("false"))), Else: l.block(loop.Post)})
	}
	if loop.Cond != nil {
		done := &ast.UnaryExpr{Op: token.NOT, OpPos: loop.Cond.Pos(), X: &ast.ParenExpr{X: loop.Cond}}
		l.typed(done, types.Typ[types.Bool])
		body = append(body, &ast.IfStmt{If: l.at, Cond: done, Body: l.block(&ast.BranchStmt{Tok: token.BREAK, TokPos: l.at})})
	}
	loop.Init, loop.Cond, loop.Post, loop.Body = nil, nil, nil, l.block(append(body, loop.Body)...)
	return ahead
}

// assigned are what a statement assigns to.
func assigned(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		return []ast.Expr{n.Key, n.Value}
	}
	return nil
}

// shared are those of the variables that outlive a round, or that one of the nodes in it
// changes.
func (l *Lowered) shared(variables []ast.Expr, in ast.Node, changes ...func(ast.Node) []ast.Expr) (list []*types.Var) {
	outlives := make(map[types.Object]bool)
	ast.Inspect(in, func(n ast.Node) bool {
		for _, change := range changes {
			for _, e := range change(n) {
				if e != nil {
					outlives[l.root(e)] = true
				}
			}
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			for _, o := range l.usedIn(n.Body) {
				outlives[o] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				outlives[l.root(n.X)] = true
			}
		case *ast.SliceExpr:
			outlives[l.root(n.X)] = true
		case *ast.SelectorExpr:
			if s := l.Info.Selections[n]; s != nil && s.Kind() == types.MethodVal && isPointer(s.Obj().(*types.Func).Signature().Recv().Type()) {
				outlives[l.root(n.X)] = true
			}
		}
		return true
	})
	for _, e := range variables {
		if id, ok := e.(*ast.Ident); ok {
			if v, ok := l.Info.Defs[id].(*types.Var); ok && outlives[v] {
				list = append(list, v)
			}
		}
	}
	return list
}

// usedIn are the objects that are used in a node.
func (l *Lowered) usedIn(in ast.Node) (all []types.Object) {
	ast.Inspect(in, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && l.Info.Uses[id] != nil {
			all = append(all, l.Info.Uses[id])
		}
		return true
	})
	return all
}

// root is the variable that an addressable expression is a part of; nil if the expression
// leads elsewhere, through a pointer for example.
func (l *Lowered) root(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return l.Info.Uses[e]
	case *ast.SelectorExpr:
		if !isPointer(l.typeOf(e.X)) {
			return l.root(e.X)
		}
	case *ast.IndexExpr:
		if _, ok := l.typeOf(e.X).Underlying().(*types.Array); ok {
			return l.root(e.X)
		}
	}
	return nil
}
