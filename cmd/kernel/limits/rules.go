// rules.go: what a cell can't do, and what to write instead. Each rule was found by
// running it. Read limits.go first.

package limits

import (
	"go/ast"
	"go/types"
)

// topLevel judges what stands outside all functions.
func (j *judge) topLevel(node ast.Node) {
	if labeled, ok := node.(*ast.LabeledStmt); ok {
		node = labeled.Stmt
	}
	if n, ok := node.(*ast.ForStmt); ok {
		j.manyRounds(n)
	}
}

// call judges one call.
func (j *judge) call(call *ast.CallExpr) {
	function, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if f, ok := j.Info.Uses[function.Sel].(*types.Func); ok {
		j.reflected(call, f)
	}
}
