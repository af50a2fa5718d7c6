package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// imported is the name by which the interpreter knows a package that a rule needs:
//
//	fmt.Fprintln(os.Stdout, "needs io.Writer, and the cell imports fmt and os alone")
//
// The cell may not have imported it, or call something else by its name.
func (l *Lowered) imported(p *types.Package) *ast.Ident {
	name := Prefix + "package_" + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(p.Path())
	l.imports[p.Path()] = name
	return l.name(name)
}

// importsNeeded adds the imports that rules need.
func (l *Lowered) importsNeeded() {
	for path, name := range l.imports {
		spec := &ast.ImportSpec{Name: ast.NewIdent(name), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path)}}
		l.Imports = append(l.Imports, &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{spec}})
	}
}
