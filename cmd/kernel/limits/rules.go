// rules.go: what a cell can't do, and what to write instead. Each rule was found by
// running it. Read limits.go first.

package limits

import "go/ast"

// topLevel judges what stands outside all functions.
func (j *judge) topLevel(node ast.Node) {
	if labeled, ok := node.(*ast.LabeledStmt); ok {
		node = labeled.Stmt
	}
	if n, ok := node.(*ast.ForStmt); ok {
		j.manyRounds(n)
	}
}
