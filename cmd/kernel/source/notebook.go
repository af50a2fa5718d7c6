// notebook.go: what does a name in a cell mean? go/types answers: the pieces of a
// notebook are the files of one package. It does not know what other packages declare,
// and it skips what is in error, such as a name that is defined again. Where no type is
// known, no rule applies. Read split.go first.

package source

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A notebook is what is known about the names of a notebook.
type notebook struct {
	files   *token.FileSet
	pieces  []*piece // those that parse, in order
	imports string   // the import declarations so far, on one line
	pack    *types.Package
	info    types.Info
	names   map[string]*declared
	methods map[string][]string // by the name of their type
}

// declared is something that the notebook defines outside all functions.
type declared struct {
	cell int    // the first that does
	what string // function, type, variable
}

func newNotebook() *notebook {
	return &notebook{files: token.NewFileSet(), pack: types.NewPackage("p", "p"),
		names: make(map[string]*declared), methods: make(map[string][]string),
		info: types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}}
}

// learn adds a piece, and notes the names that it defines.
func (n *notebook) learn(p *piece) {
	n.pieces = append(n.pieces, p)
	for _, d := range p.declarations() {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				n.note(p, d.Name, "function")
			} else if of := Receiver(d); of != "" {
				n.methods[of] = append(n.methods[of], d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				n.learnSpec(p, spec)
			}
		}
	}
}

func (n *notebook) learnSpec(p *piece, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.ImportSpec:
		line := "import " + spec.Path.Value + "; "
		if spec.Name != nil {
			line = "import " + spec.Name.Name + " " + spec.Path.Value + "; "
		}
		if !strings.Contains(n.imports, line) {
			n.imports += line
		}
	case *ast.TypeSpec:
		n.note(p, spec.Name, "type")
	case *ast.ValueSpec:
		for _, id := range spec.Names {
			n.note(p, id, "variable")
		}
	}
}

func (n *notebook) note(p *piece, id *ast.Ident, what string) {
	if n.names[id.Name] == nil && id.Name != "_" {
		n.names[id.Name] = &declared{p.cell, what}
	}
}

// resolve has go/types find out what the names in all pieces mean.
func (n *notebook) resolve() {
	var files []*ast.File
	for _, p := range n.pieces {
		files = append(files, p.file)
	}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	_ = types.NewChecker(&config, n.files, n.pack, &n.info).Files(files) // errors are for the interpreter to find
}

// ofNotebook returns what the notebook defines by that name, if that is what id
// means where it stands.
func (n *notebook) ofNotebook(id *ast.Ident) *declared {
	object := n.info.Uses[id]
	if object == nil || object.Parent() != n.pack.Scope() {
		return nil
	}
	return n.names[id.Name]
}

// nothing is an importer that has no package: go/types then accepts whatever a cell
// uses of one.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) {
	return nil, errors.New("not looked at")
}

// builtin returns the name of the expression if it is one of Go's own
// functions or types.
func (n *notebook) builtin(e ast.Expr) (string, bool) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return "", false
	}
	object := n.info.Uses[id]
	return id.Name, object != nil && object.Parent() == types.Universe
}

// ofPackage reports whether the expression is the function of that name of the
// package.
func (n *notebook) ofPackage(e ast.Expr, path, function string) bool {
	selector, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != function {
		return false
	}
	id, ok := selector.X.(*ast.Ident)
	if !ok {
		return false
	}
	imported, ok := n.info.Uses[id].(*types.PkgName)
	return ok && imported.Imported().Path() == path
}
