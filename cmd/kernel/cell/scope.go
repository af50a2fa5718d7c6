package cell

import (
	"go/ast"
	"go/token"

	"github.com/cosmos72/gomacro/base/genimport"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/source"
)

// A scope knows the names that may be used at a place in a cell: what the cells
// before defined, and what the cell itself does, up to there: imports, parameters,
// variables. What is compiled in it is never run.
type scope struct {
	c *fast.Comp
}

// scopeAt is the scope at a byte of the cell. What it can't make sense of, in a
// text that is half written, it leaves out.
func (s *Session) scopeAt(code string, place int) scope {
	sc := scope{fast.NewComp(s.ir.Comp, nil)}
	file, end, paths := source.Before(code, place)
	for path, alias := range paths {
		if _, ok := imports.Packages[path]; ok {
			sc.try(func() {
				_, _ = sc.c.ImportPackagesOrError(map[string]genimport.PackageName{path: genimport.PackageName(alias)})
			})
		}
	}
	if file == nil {
		return sc
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n.Pos() > end || n.End() < end {
			return false
		}
		sc.enter(n, end)
		return true
	})
	return sc
}

// enter declares what n, which encloses end, defines before it.
func (sc scope) enter(n ast.Node, end token.Pos) {
	switch n := n.(type) {
	case *ast.FuncLit:
		sc.fields(n.Type.Params)
		sc.fields(n.Type.Results)
	case *ast.BlockStmt:
		sc.declareAll(n.List, end)
	case *ast.CaseClause:
		sc.declareAll(n.Body, end)
	case *ast.CommClause:
		sc.declareAll(append([]ast.Stmt{n.Comm}, n.Body...), end)
	case *ast.IfStmt:
		sc.declareAll([]ast.Stmt{n.Init}, end)
	case *ast.ForStmt:
		sc.declareAll([]ast.Stmt{n.Init}, end)
	case *ast.SwitchStmt:
		sc.declareAll([]ast.Stmt{n.Init}, end)
	case *ast.RangeStmt:
		if n.Body.Pos() <= end {
			sc.rangeOver(n)
		}
	}
}

func (sc scope) fields(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, field := range list.List {
		kind := field.Type
		if variadic, ok := kind.(*ast.Ellipsis); ok {
			kind = &ast.ArrayType{Elt: variadic.Elt}
		}
		for _, name := range field.Names {
			sc.declare(name, sc.typeNamed(kind))
		}
	}
}

// declareAll declares what statements that end before end define.
func (sc scope) declareAll(list []ast.Stmt, end token.Pos) {
	for _, statement := range list {
		if statement == nil || statement.End() > end {
			continue
		}
		switch statement := statement.(type) {
		case *ast.AssignStmt:
			if statement.Tok == token.DEFINE {
				sc.assign(statement.Lhs, nil, statement.Rhs)
			}
		case *ast.DeclStmt:
			declaration, _ := statement.Decl.(*ast.GenDecl)
			for _, spec := range declaration.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					var names []ast.Expr
					for _, name := range spec.Names {
						names = append(names, name)
					}
					sc.assign(names, spec.Type, spec.Values)
				}
			}
		}
	}
}

// assign declares names with a type or with those of values.
func (sc scope) assign(names []ast.Expr, kind ast.Expr, values []ast.Expr) {
	var types []xreflect.Type
	for _, value := range values {
		types = append(types, sc.typesOf(value)...)
	}
	for i, name := range names {
		name, ok := name.(*ast.Ident)
		switch {
		case !ok:
		case kind != nil:
			sc.declare(name, sc.typeNamed(kind))
		case i < len(types):
			sc.declare(name, types[i])
		case i == 1 && len(values) == 1: // v, ok := m[k]
			sc.declare(name, sc.c.TypeOfBool())
		}
	}
}
