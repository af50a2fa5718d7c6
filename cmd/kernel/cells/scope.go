// scope.go: what does a name in a cell mean? go/types answers: the pieces of a
// notebook are the files of one package. What other packages declare it does not
// know, and what stands in error, such as a name that is defined again, it
// passes over: where no type is known, no rule speaks. Read split.go first.

package cells

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// scope is what is known about the names of a notebook.
type scope struct {
	files   *token.FileSet
	pieces  []*piece // those that parse, in order
	imports string   // the import declarations so far, on one line
	pack    *types.Package
	info    types.Info
	names   map[string]*name
	methods map[string][]string // by the name of their type
}

// name is something that the notebook defines outside of all functions.
type name struct {
	cell int    // the first that does
	what string // function, type, variable
}

func newScope() *scope {
	return &scope{files: token.NewFileSet(), pack: types.NewPackage("p", "p"),
		names: make(map[string]*name), methods: make(map[string][]string),
		info: types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}}
}

// learn adds a piece, and notes the names that it defines.
func (s *scope) learn(p *piece) {
	s.pieces = append(s.pieces, p)
	for _, d := range p.declarations() {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				s.note(p, d.Name, "function")
			} else if of := receiverType(d); of != "" {
				s.methods[of] = append(s.methods[of], d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				s.learnSpec(p, spec)
			}
		}
	}
}

func (s *scope) learnSpec(p *piece, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.ImportSpec:
		line := "import " + spec.Path.Value + "; "
		if spec.Name != nil {
			line = "import " + spec.Name.Name + " " + spec.Path.Value + "; "
		}
		if !strings.Contains(s.imports, line) {
			s.imports += line
		}
	case *ast.TypeSpec:
		s.note(p, spec.Name, "type")
	case *ast.ValueSpec:
		for _, id := range spec.Names {
			s.note(p, id, "variable")
		}
	}
}

func (s *scope) note(p *piece, id *ast.Ident, what string) {
	if s.names[id.Name] == nil && id.Name != "_" {
		s.names[id.Name] = &name{p.cell, what}
	}
}

// resolve finds out what the names in all pieces mean.
func (s *scope) resolve() {
	var files []*ast.File
	for _, p := range s.pieces {
		files = append(files, p.file)
	}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	_ = types.NewChecker(&config, s.files, s.pack, &s.info).Files(files) // errors are for the interpreter to find
}

// ofNotebook returns what the notebook defines by that name, if that is what id
// means where it stands.
func (s *scope) ofNotebook(id *ast.Ident) *name {
	object := s.info.Uses[id]
	if object == nil || object.Parent() != s.pack.Scope() {
		return nil
	}
	return s.names[id.Name]
}

// nothing is an importer of no package: go/types then takes whatever is used of
// one for good.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) {
	return nil, errors.New("not looked at")
}

// builtin returns the name of the expression if it is a function or type of Go's
// own.
func (s *scope) builtin(e ast.Expr) (string, bool) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return "", false
	}
	object := s.info.Uses[id]
	return id.Name, object != nil && object.Parent() == types.Universe
}

// ofPackage reports whether the expression is the function of that name of the
// package.
func (s *scope) ofPackage(e ast.Expr, path, function string) bool {
	selector, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != function {
		return false
	}
	id, ok := selector.X.(*ast.Ident)
	if !ok {
		return false
	}
	imported, ok := s.info.Uses[id].(*types.PkgName)
	return ok && imported.Imported().Path() == path
}

// receiverType is the name of a method's type.
func receiverType(d *ast.FuncDecl) string {
	e := ast.Unparen(d.Recv.List[0].Type)
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
