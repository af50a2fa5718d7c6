// rules.go: what a cell can't do, and what to write instead. Each rule was found by
// running it. Read limits.go first.

package limits

import (
	"go/ast"
	"strconv"

	"stepwise/cmd/kernel/source"
)

const generics = "the interpreter has no generics: write the code for the one type, or put it into a package under pkg"

// topLevel judges what stands outside all functions.
func (j *judge) topLevel(node ast.Node) {
	if labeled, ok := node.(*ast.LabeledStmt); ok {
		node = labeled.Stmt
	}
	switch n := node.(type) {
	case *ast.ForStmt:
		j.manyRounds(n)
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			if spec, ok := spec.(*ast.ImportSpec); ok {
				j.imported(spec)
			}
		}
	}
}

// imported finds packages that can't be imported because all of them is generic.
func (j *judge) imported(spec *ast.ImportSpec) {
	path, _ := strconv.Unquote(spec.Path.Value)
	if instead := source.Instead(path); instead != "" {
		j.add(spec.Pos(), "importing %q fails, and all imports of the cell with it: %s", path, instead)
	}
}
