package lower

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// labels makes labels known before they are reached:
//
//	if n > 3 {
//		goto end
//	}
//	…
//	end:
//
// The interpreter knows a label from there on, and never that of a function's outermost
// block. So the labels of a list of statements are declared where it begins, and a
// function's list becomes a block.
func labels(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.BlockStmt:
		n.List = l.withLabels(n.List, isFunction(c.Parent()))
	case *ast.CaseClause:
		n.Body = l.withLabels(n.Body, false)
	case *ast.CommClause:
		n.Body = l.withLabels(n.Body, false)
	}
}

func isFunction(n ast.Node) bool {
	switch n.(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		return true
	}
	return false
}

func (l *Lowered) withLabels(list []ast.Stmt, function bool) []ast.Stmt {
	var names []ast.Expr
	for _, statement := range list {
		for labeled, ok := statement.(*ast.LabeledStmt); ok; labeled, ok = labeled.Stmt.(*ast.LabeledStmt) {
			if l.targets[labeled.Label.Name] {
				names = append(names, l.text(labeled.Label.Name))
			}
		}
	}
	if len(names) == 0 {
		return list
	}
	list = append([]ast.Stmt{&ast.ExprStmt{X: l.call(l.name(Labels), nil, names...)}}, list...)
	if function {
		list = []ast.Stmt{l.block(list...)}
	}
	return list
}

// findTargets notes the labels that goto leads to.
func (l *Lowered) findTargets(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		if branch, ok := n.(*ast.BranchStmt); ok && branch.Tok == token.GOTO {
			l.targets[branch.Label.Name] = true
		}
		return true
	})
}
