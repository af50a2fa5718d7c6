// rules.go: what a cell can't do, and what to write instead. Each rule was found by
// running it. Read check.go first; advice.go has what is said once a cell has failed.

package source

import (
	"go/ast"
	"go/token"
	"go/types"
)

const generics = "the interpreter has no generics: write the code for the one type, or put it into a package under pkg"

// newer are the builtin functions that the interpreter does not know, each with what
// takes its place.
var newer = map[string]string{
	"min":   "write an if",
	"max":   "write an if",
	"clear": "make a new map, or delete in a loop",
}

// topLevel judges a statement that stands outside all functions.
func (c *checker) topLevel(p *piece, s ast.Stmt) {
	if labeled, ok := s.(*ast.LabeledStmt); ok {
		s = labeled.Stmt
	}
	switch s := s.(type) {
	case *ast.DeferStmt:
		c.addSilent(p, s.Pos(), "defer outside of a function runs when the cell ends: put both into a function")
	case *ast.SelectStmt:
		if len(s.Body.List) == 0 {
			c.addSilent(p, s.Pos(), "select {} does not wait outside of a function: wait for a channel")
		}
	case *ast.ExprStmt:
		if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
			if _, ok := call.Fun.(*ast.FuncLit); ok {
				c.add(p, s.Pos(), "a cell can't begin a statement with func() {…}(): give the function a name and call it, or assign its result")
			}
		}
	case *ast.ForStmt:
		c.manyRounds(p, s)
	}
	c.jumps(p, s)
}

// jumps finds return and goto outside functions, even deep inside an if.
func (c *checker) jumps(p *piece, s ast.Stmt) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			c.add(p, n.Pos(), "there is nothing to return from outside of a function: put the code into one, or use an if")
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				c.add(p, n.Pos(), "goto works inside of functions only")
			}
		}
		return true
	})
}

func (c *checker) declaration(p *piece, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			c.method(p, d)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ImportSpec:
				if spec.Path.Value == `"iter"` {
					c.add(p, spec.Pos(), `importing "iter" fails, and all imports of the cell with it: stepwise/pkg/coro has coroutines for cells`)
				}
			case *ast.TypeSpec:
				c.selfReference(p, spec)
			}
		}
	}
}

// method judges how a method is declared.
func (c *checker) method(p *piece, d *ast.FuncDecl) {
	if names := d.Recv.List[0].Names; len(names) == 1 {
		receiver := names[0].Name
		if other := c.nb.names[receiver]; other != nil && other.what == "variable" {
			c.addSilent(p, d.Pos(), "the receiver %s has the name of a variable of the notebook, and may be taken for it: give it another", receiver)
		}
	}
	if (d.Name.Name == "String" || d.Name.Name == "Error") && d.Type.Params.NumFields() == 0 && returnsString(d.Type) {
		c.addSilent(p, d.Pos(), "fmt ignores the method %s of a type that a cell declares: call it by name from a method of another name, or put the type into a package under pkg", d.Name.Name)
	}
}

func returnsString(f *ast.FuncType) bool {
	if f.Results.NumFields() != 1 {
		return false
	}
	id, ok := f.Results.List[0].Type.(*ast.Ident)
	return ok && id.Name == "string"
}

// selfReference finds a struct that names itself and has methods: the interpreter lets
// you declare them, but calling one fails with "not a package".
func (c *checker) selfReference(p *piece, spec *ast.TypeSpec) {
	methods := c.nb.methods[spec.Name.Name]
	if len(methods) == 0 {
		return
	}
	ast.Inspect(spec.Type, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok {
			ast.Inspect(field.Type, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name == spec.Name.Name {
					c.add(p, field.Pos(), "the type %s names itself, so its method %s can't be called: write functions instead, a field without that type such as []func(), or a package under pkg",
						spec.Name.Name, methods[0])
				}
				return true
			})
			return false
		}
		return true
	})
}

// call judges one call.
func (c *checker) call(p *piece, call *ast.CallExpr) {
	if instance, ok := call.Fun.(*ast.IndexExpr); ok && c.isType(instance.Index) {
		c.add(p, call.Pos(), generics)
	}
	function, builtin := c.nb.builtin(call.Fun)
	if instead, missing := newer[function]; builtin && missing {
		c.add(p, call.Pos(), "the interpreter has no %s: %s", function, instead)
	}
	if len(call.Args) == 2 && c.nb.ofPackage(call.Fun, "errors", "As") {
		c.errorsAs(p, call)
	}
}

// errorsAs finds a target whose type a cell declares.
func (c *checker) errorsAs(p *piece, call *ast.CallExpr) {
	address, ok := ast.Unparen(call.Args[1]).(*ast.UnaryExpr)
	if !ok || address.Op != token.AND {
		return
	}
	t := c.nb.info.TypeOf(address.X)
	if pointer, ok := t.(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if named, ok := t.(*types.Named); ok && named.Obj().Pkg() == c.nb.pack {
		c.add(p, call.Pos(), "errors.As panics on %s, a type that a cell declares: compare with errors.Is, or put the type into a package under pkg", named.Obj().Name())
	}
}

// isType reports whether the expression is certainly a type.
func (c *checker) isType(e ast.Expr) bool {
	return c.nb.info.Types[e].IsType()
}

// laterNames finds names that only a later cell defines. Within a cell the interpreter
// sorts the declarations itself.
func (c *checker) laterNames(p *piece) {
	p.inspect(func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if other := c.nb.ofNotebook(id); other != nil && other.cell > p.cell {
			c.add(p, id.Pos(), "%s is a %s that only a later cell defines: move that cell up", id.Name, other.what)
		}
		return true
	})
}
