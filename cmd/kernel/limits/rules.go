// rules.go: what a cell can't do, and what to write instead. Each rule was found by
// running it. Read limits.go first.

package limits

import (
	"go/ast"
	"go/types"
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
	case *ast.FuncDecl:
		if n.Recv != nil {
			j.method(n)
		}
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

// method judges how a method is declared.
func (j *judge) method(d *ast.FuncDecl) {
	f, ok := j.Info.Defs[d.Name].(*types.Func)
	if !ok {
		return
	}
	if (f.Name() == "String" || f.Name() == "Error") && types.Identical(types.NewSignatureType(nil, nil, nil, f.Signature().Params(), f.Signature().Results(), false), says) {
		j.addSilent(d.Pos(), "fmt ignores the method %s of a type that a cell declares: call it by name from a method of another name, or put the type into a package under pkg", f.Name())
	}
}

// says is func() string.
var says = types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(types.NewParam(0, nil, "", types.Typ[types.String])), false)

// nameOf is the named type of a receiver; nil if there is none.
func nameOf(t types.Type) *types.Named {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// call judges one call.
func (j *judge) call(call *ast.CallExpr) {
	function, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if f, ok := j.Info.Uses[function.Sel].(*types.Func); ok && f.FullName() == "errors.As" {
		j.errorsAs(call)
	}
}

// errorsAs finds a target whose type a cell declares.
func (j *judge) errorsAs(call *ast.CallExpr) {
	pointer, ok := j.Info.TypeOf(call.Args[1]).(*types.Pointer)
	if !ok {
		return
	}
	if named := nameOf(pointer.Elem()); named != nil && named.Obj().Pkg() == j.Package {
		j.add(call.Pos(), "errors.As panics on %s, a type that a cell declares: compare with errors.Is, or put the type into a package under pkg", named.Obj().Name())
	}
}
