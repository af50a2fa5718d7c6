package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/base/genimport"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"
)

// here is the name that stands, in the text that scope parses, where the cursor is.
const here = "stepwise_kernel_here"

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
	body, paths := straighten(pieces(code), place)
	for path, alias := range paths {
		if _, ok := imports.Packages[path]; ok {
			sc.try(func() {
				_, _ = sc.c.ImportPackagesOrError(map[string]genimport.PackageName{path: genimport.PackageName(alias)})
			})
		}
	}
	set := token.NewFileSet()
	file, _ := parser.ParseFile(set, "", "package p\nfunc _() {\n"+body, parser.SkipObjectResolution|parser.AllErrors)
	if file == nil {
		return sc
	}
	end := file.FileStart + token.Pos(strings.Index("package p\nfunc _() {\n"+body, here))
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || n.Pos() > end || n.End() < end {
			return false
		}
		sc.enter(n, end)
		return true
	})
	return sc
}

// straighten makes a function's body of the tokens before a place: a cell's
// functions become variables, its imports are taken out, what is open is closed.
func straighten(all []piece, place int) (body string, paths map[string]string) {
	paths = make(map[string]string)
	var text, closers strings.Builder
	var open []token.Token
	for i := 0; i < len(all); i++ {
		p := all[i]
		atStart := len(open) == 0 && (i == 0 || all[i-1].tok == token.SEMICOLON)
		switch {
		case atStart && p.tok == token.IMPORT:
			i = imported(all, i, paths)
			continue
		case p.end > place && p.tok != token.SEMICOLON, p.start > place:
			i = len(all)
			continue
		case atStart && p.tok == token.FUNC && i+1 < len(all) && all[i+1].tok == token.IDENT:
			text.WriteString(all[i+1].text + " := func ")
			i++
			continue
		case atStart && p.tok == token.FUNC && i+1 < len(all) && all[i+1].tok == token.LPAREN:
			if next, receiver := method(all, i+1); next > 0 {
				text.WriteString("_ = func (" + receiver + ", ")
				open = append(open, token.LPAREN)
				i = next
				continue
			}
		case p.tok == token.LPAREN || p.tok == token.LBRACE || p.tok == token.LBRACK:
			open = append(open, p.tok)
		case (p.tok == token.RPAREN || p.tok == token.RBRACE || p.tok == token.RBRACK) && len(open) > 0:
			open = open[:len(open)-1]
		}
		text.WriteString(p.text + " ")
	}
	for i := len(open) - 1; i >= 0; i-- {
		closers.WriteString(map[token.Token]string{token.LPAREN: ")", token.LBRACE: "\n}", token.LBRACK: "]"}[open[i]])
	}
	return text.String() + here + closers.String() + "\n}\n", paths
}

// imported notes what the import at i imports, and returns its last token.
func imported(all []piece, i int, paths map[string]string) int {
	alias, depth := "", 0
	for i++; i < len(all); i++ {
		switch all[i].tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		case token.IDENT, token.PERIOD:
			alias = all[i].text
		case token.STRING:
			if path, err := strconv.Unquote(all[i].text); err == nil {
				paths[path] = alias
			}
			alias = ""
		case token.SEMICOLON:
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// method reads the head of a method whose receiver begins at i: func (t *T) Name(.
// It returns the bracket of the parameters, and the receiver; 0 if it is none.
func method(all []piece, i int) (next int, receiver string) {
	var text strings.Builder
	for i++; i < len(all) && all[i].tok != token.RPAREN; i++ {
		text.WriteString(all[i].text + " ")
	}
	if i+2 >= len(all) || all[i+1].tok != token.IDENT || all[i+2].tok != token.LPAREN {
		return 0, ""
	}
	return i + 2, text.String()
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
