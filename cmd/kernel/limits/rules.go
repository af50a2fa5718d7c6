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

// newer are the builtin functions that the interpreter does not know, each with what
// takes its place.
var newer = map[string]string{
	"min":   "write an if",
	"max":   "write an if",
	"clear": "make a new map, or delete in a loop",
}

// topLevel judges what stands outside all functions.
func (j *judge) topLevel(node ast.Node) {
	if labeled, ok := node.(*ast.LabeledStmt); ok {
		node = labeled.Stmt
	}
	switch n := node.(type) {
	case *ast.DeferStmt:
		j.addSilent(n.Pos(), "defer outside of a function runs when the cell ends: put both into a function")
	case *ast.SelectStmt:
		if len(n.Body.List) == 0 {
			j.addSilent(n.Pos(), "select {} does not wait outside of a function: wait for a channel")
		}
	case *ast.ExprStmt:
		if call, ok := ast.Unparen(n.X).(*ast.CallExpr); ok {
			if _, ok := call.Fun.(*ast.FuncLit); ok {
				j.add(n.Pos(), "a cell can't begin a statement with func() {…}(): give the function a name and call it, or assign its result")
			}
		}
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
	if names := d.Recv.List[0].Names; len(names) == 1 {
		if _, isVariable := j.Package.Scope().Lookup(names[0].Name).(*types.Var); isVariable {
			j.addSilent(d.Pos(), "the receiver %s has the name of a variable of the notebook, and may be taken for it: give it another", names[0].Name)
		}
	}
	f, ok := j.Info.Defs[d.Name].(*types.Func)
	if !ok {
		return
	}
	if (f.Name() == "String" || f.Name() == "Error") && types.Identical(types.NewSignatureType(nil, nil, nil, f.Signature().Params(), f.Signature().Results(), false), says) {
		j.addSilent(d.Pos(), "fmt ignores the method %s of a type that a cell declares: call it by name from a method of another name, or put the type into a package under pkg", f.Name())
	}
	if named := nameOf(f.Signature().Recv().Type()); named != nil && namesItself(named) {
		j.add(d.Pos(), "the type %s names itself, so its method %s can't be called: write functions instead, a field without that type such as []func(), or a package under pkg",
			named.Obj().Name(), f.Name())
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

// namesItself reports whether a struct has a field whose type is made of the struct's
// own: the interpreter lets you declare methods of it, but calling one fails with "not a
// package".
func namesItself(named *types.Named) bool {
	structure, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range structure.Fields() {
		if madeOf(field.Type(), named) {
			return true
		}
	}
	return false
}

func madeOf(t types.Type, of *types.Named) bool {
	switch t := t.(type) {
	case *types.Named:
		return t == of
	case *types.Map:
		return madeOf(t.Key(), of) || madeOf(t.Elem(), of)
	case interface{ Elem() types.Type }:
		return madeOf(t.Elem(), of)
	case *types.Signature:
		return madeOf(t.Params(), of) || madeOf(t.Results(), of)
	case *types.Tuple:
		for v := range t.Variables() {
			if madeOf(v.Type(), of) {
				return true
			}
		}
	}
	return false
}

// call judges one call.
func (j *judge) call(call *ast.CallExpr) {
	switch function := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		if builtin, ok := j.Info.Uses[function].(*types.Builtin); ok && newer[builtin.Name()] != "" {
			j.add(call.Pos(), "the interpreter has no %s: %s", builtin.Name(), newer[builtin.Name()])
		}
	case *ast.SelectorExpr:
		if f, ok := j.Info.Uses[function.Sel].(*types.Func); ok && f.FullName() == "errors.As" {
			j.errorsAs(call)
		}
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
