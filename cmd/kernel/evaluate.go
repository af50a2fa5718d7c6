//go:build stepwise_kernel

package main

import (
	"fmt"
	"go/ast"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/ast2"
	"github.com/cosmos72/gomacro/base"
	gomacroreflect "github.com/cosmos72/gomacro/base/reflect"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
)

// evaluate runs a cell, in the worker's goroutine, and never panics. A cell that
// does not compile has no effect but that of its commands.
func (k *Kernel) evaluate(ir *fast.Interp, code string, number int) (result outcome) {
	compiled := false
	defer func() {
		if p := recover(); p != nil {
			result = outcome{err: failureOf(p, compiled)}
		}
	}()
	code, err := runCommands(code)
	if err != nil {
		return outcome{err: &failure{name: "command failed", value: err.Error()}}
	}
	compiler := ir.Comp
	compiler.Options &^= base.OptShowPrompt | base.OptTrapPanic // panics are ours to show
	compiler.Code.Clear()                                       // what a cell that failed to compile left there
	compiler.Filepath = fmt.Sprintf("In[%d]", number)           // stands in errors before the line
	compiler.Line = 0
	nodes := compiler.ParseBytes([]byte(code))
	if err := checkImports(nodes); err != nil {
		return outcome{err: &failure{name: "import failed", value: err.Error()}}
	}
	rewrite(nodes)
	tree := ast2.AnyToAst(nodes, "cell")
	if tree == nil {
		return outcome{}
	}
	expression := ir.CompileAst(tree)
	compiled = true
	values, types := ir.RunExpr(expression)
	if !shown(nodes) {
		return outcome{}
	}
	return outcome{value: k.picture(values, types)}
}

// shown reports whether a cell's value is shown: it ends with an expression that
// is not a call of one of fmt's printing functions, since their results, a count
// and nil, are not what the reader wants to see.
func shown(nodes []ast.Node) bool {
	if len(nodes) == 0 {
		return false
	}
	last, ok := nodes[len(nodes)-1].(ast.Expr)
	if !ok {
		return false
	}
	call, ok := last.(*ast.CallExpr)
	if !ok {
		return true
	}
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	of, ok := function.X.(*ast.Ident)
	name := function.Sel.Name
	return !ok || of.Name != "fmt" || !strings.HasPrefix(name, "Print") && !strings.HasPrefix(name, "Fprint")
}

// picture turns a cell's values into what a notebook shows: nothing if all are
// nil, a value's own picture if it has one, else text.
func (k *Kernel) picture(values []xreflect.Value, types []xreflect.Type) Data {
	if len(types) != len(values) {
		return Data{} // the cell's value is the word nil, which has no type
	}
	plain := make([]any, len(values))
	for i, value := range values {
		plain[i] = gomacroreflect.ValueInterface(value)
	}
	data := k.autoRenderResults(plain, types)
	if len(plain) > 1 && len(data.Data) == 1 { // text alone: gophernotes puts no blank between two strings
		data.Data[MIMETypeText] = strings.TrimSuffix(fmt.Sprintln(plain...), "\n")
	}
	return data
}

// checkImports refuses an import of what is not compiled in. gomacro would build
// a plugin then: that takes a download and up to a minute, and fails in the end
// where the package has generics.
func checkImports(nodes []ast.Node) error {
	for _, node := range nodes {
		declaration, ok := node.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range declaration.Specs {
			imported, ok := spec.(*ast.ImportSpec)
			if !ok {
				continue
			}
			path, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				return fmt.Errorf("import %s: not a path in quotes", imported.Path.Value)
			}
			if _, ok := imports.Packages[path]; !ok {
				return fmt.Errorf("import %q: this package is not compiled into the kernel, so a cell can't use it; put the code that needs it into a package under pkg, run go generate ./cmd/kernel and build the kernel anew", path)
			}
		}
	}
	return nil
}
