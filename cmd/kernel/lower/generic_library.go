// generic_library.go: the generic declarations of packages that cells can import. Most are
// Go's own. Those that the interpreter can't run, or not as fast, are in the folder library,
// in packages of their own, which are compiled and tested as all others are.

package lower

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"

	"stepwise/cmd/kernel/exports"
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

// read reads a package. It panics if the package isn't Go: a test reads all.
func (l *library) read(of string) map[string]*template {
	all, ours := make(map[string]*template), make(map[string]bool)
	files := token.NewFileSet()
	var trees []*ast.File
	add := func(text []byte, err error) {
		var tree *ast.File
		if err == nil {
			tree, err = parser.ParseFile(files, of, text, parser.SkipObjectResolution)
		}
		if err != nil {
			panic(fmt.Errorf("the library's %s: %w", of, err))
		}
		tree.Decls = slices.DeleteFunc(tree.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.FuncDecl)
			return ok && (ours[f.Name.Name] || f.Body == nil)
		})
		trees = append(trees, tree)
	}
	folder := path.Join("library", of)
	entries, _ := libraryFiles.ReadDir(folder)
	for _, entry := range entries {
		if !entry.IsDir() {
			add(libraryFiles.ReadFile(path.Join(folder, entry.Name())))
		}
	}
	for _, tree := range trees {
		for _, d := range tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				ours[f.Name.Name] = true
			}
		}
	}
	gos, err := exports.Sources(of)
	for _, text := range gos {
		add(text, err)
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
