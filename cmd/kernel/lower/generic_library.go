// generic_library.go: the generic declarations of packages that cells can import, in a form
// that the interpreter can run. They are packages of their own in the folder library, which
// are compiled and tested as all others are.

package lower

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"

	"stepwise/cmd/kernel/source"
)

//go:embed library
var libraryFiles embed.FS

// A library has the packages that were asked for.
type library struct {
	importer types.Importer
	packages map[string]map[string]*template // by path and name
}

func newLibrary(importer types.Importer) *library {
	return &library{importer, make(map[string]map[string]*template)}
}

// template is a declaration of a package; nil if the library has none.
func (l *library) template(of, name string) *template {
	if _, ok := l.packages[of]; !ok {
		l.packages[of] = l.read(of)
	}
	return l.packages[of][name]
}

// read reads a package of the library. It panics if the package isn't Go: a test reads all.
func (l *library) read(of string) map[string]*template {
	all := make(map[string]*template)
	folder := path.Join("library", of)
	entries, err := libraryFiles.ReadDir(folder)
	if err != nil {
		return all
	}
	files := token.NewFileSet()
	var trees []*ast.File
	for _, entry := range entries {
		text, err := libraryFiles.ReadFile(path.Join(folder, entry.Name()))
		if entry.IsDir() || err != nil {
			continue
		}
		tree, err := parser.ParseFile(files, of, text, parser.SkipObjectResolution)
		if err != nil {
			panic(err)
		}
		trees = append(trees, tree)
	}
	if len(trees) == 0 {
		return all
	}
	info := newInfo()
	if _, err := (&types.Config{Importer: l.importer}).Check(of, files, trees, info); err != nil {
		panic(fmt.Errorf("the library's %s: %w", of, err))
	}
	for _, tree := range trees {
		for _, declaration := range tree.Decls {
			l.add(all, of, declaration, info, files)
		}
	}
	return all
}

func (l *library) add(all map[string]*template, of string, declaration ast.Decl, info *types.Info, files *token.FileSet) {
	get := func(name string) *template {
		if all[name] == nil {
			all[name] = &template{key: of + "." + name, info: info, files: files}
		}
		return all[name]
	}
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if receiver := source.Receiver(d); receiver != "" {
			t := get(receiver)
			t.methods = append(t.methods, &template{key: t.key, node: d, object: info.Defs[d.Name], info: info, files: files})
			return
		}
		t := get(d.Name.Name)
		t.node, t.object = d, info.Defs[d.Name]
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if spec, ok := spec.(*ast.TypeSpec); ok {
				t := get(spec.Name.Name)
				t.node, t.object = spec, info.Defs[spec.Name]
			}
		}
	}
}
